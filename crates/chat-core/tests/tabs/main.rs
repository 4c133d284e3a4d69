//! Several tabs of one browser on one connection.

mod browser;
mod joining;
mod sharing;
mod together;
