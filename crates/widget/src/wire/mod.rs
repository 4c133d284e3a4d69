//! The wire types as plain values and back, by hand: derived readers would be more than half of the module a visitor
//! waits for. The tests hold every shape here to the derived one.

mod chat;
mod page;
mod rule;
mod saved;
mod settings;
mod shape;
mod survey;
mod tabs;
#[cfg(test)]
mod tests;

pub(crate) use shape::{Read, Write, field, field_or_default, object, tagged};
pub(crate) use tabs::write_post;
