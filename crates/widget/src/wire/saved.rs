//! What storage keeps.

use chat_core::{EntryFile, OutboxFile, OutboxMessage, SavedSession};

use super::shape::{read_struct, write_struct};
use crate::visits::Visits;

read_struct!(SavedSession { customer_id, token; conversation_id });
write_struct!(SavedSession { customer_id, token, conversation_id });
read_struct!(OutboxMessage { message_id, conversation_id, text, created_at; files; is_failed });
write_struct!(OutboxMessage { message_id, conversation_id, text, files, created_at, is_failed });
read_struct!(OutboxFile { file_id, name, media_type, bytes; attachment_id });
write_struct!(OutboxFile { file_id, name, media_type, bytes, attachment_id });
// What the script for files draws a message's files from.
write_struct!(EntryFile { attachment_id, file_id, name, media_type, bytes, sent_bytes });
read_struct!(Visits { count, last_at });
write_struct!(Visits { count, last_at });
