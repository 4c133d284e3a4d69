//! What storage keeps.

use chat_core::{OutboxMessage, SavedSession};

use super::shape::{read_struct, write_struct};
use crate::visits::Visits;

read_struct!(SavedSession { customer_id, token; conversation_id });
write_struct!(SavedSession { customer_id, token, conversation_id });
read_struct!(OutboxMessage { message_id, conversation_id, text, created_at; is_failed });
write_struct!(OutboxMessage { message_id, conversation_id, text, created_at, is_failed });
read_struct!(Visits { count, last_at });
write_struct!(Visits { count, last_at });
