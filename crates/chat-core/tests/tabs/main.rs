//! Several tabs of one browser on one connection.

mod browser;
mod sharing;
mod together;
