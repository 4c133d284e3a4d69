//! What both apps show alike: texts in a language, rich text of messages, the rows of a log. Values come in as
//! arguments and properties; nothing here talks to a server.

mod log_rows;
mod person;
mod rich_text;
mod texts;

pub use log_rows::{MessageRow, Row, log_rows};
pub use person::initials;
pub use rich_text::rich_text;
pub use texts::Texts;
