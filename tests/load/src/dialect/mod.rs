//! What each contender's clients say and hear. The messages are the same everywhere: a UUIDv7 whose last digits
//! are the message's number, and a text of a few words.

mod relay;
mod tandem;

use std::net::SocketAddr;
use std::rc::Rc;

use anyhow::Result;
use memchr::memmem;
use protocol::id::{ConversationId, MessageId};
use protocol::time::UnixMillis;

use crate::clock;
use crate::connection::{Opening, Reader, Writer};
use crate::contender::Contender;
use crate::random;
use crate::server::Server;

pub(crate) use relay::Wire;
pub(crate) use tandem::{PASSWORD, email};

/// What an ordinary message says.
pub(crate) const TEXT: &str = "Is the blue one still available in size 42, and when would it arrive?";

/// One side of the conversations of one socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Visitor,
    Agent,
}

/// A conversation as both sides know it.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) conversation_id: ConversationId,
    /// Where it came in, where there is more than one place.
    pub(crate) touchpoint_id: String,
    /// The visitor's, where visitors need one.
    pub(crate) token: String,
    /// The last seq that both sides have.
    pub(crate) seq: u64,
}

/// What a frame is, as far as a client under measurement cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The hello was accepted.
    Welcome,
    /// Messages are stored, or passed on.
    Ack,
    /// Messages of the other side.
    Events,
    /// To be answered at once.
    Ping,
    /// A message was not taken.
    Refused,
    /// The rest was missed too long ago, or is not served: read it elsewhere.
    Reset,
    /// Receipts, inbox and whatever else a console hears.
    Other,
}

/// How a contender is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Tandem,
    Relay(Wire),
}

impl Dialect {
    pub(crate) fn of(contender: Contender) -> Self {
        match contender {
            Contender::Tandem => Self::Tandem,
            Contender::Ws | Contender::Bare => Self::Relay(Wire::Plain),
            Contender::SocketIo => Self::Relay(Wire::EngineIo),
        }
    }

    /// Makes conversations with a first message each.
    pub(crate) async fn begin(self, server: &Server, count: usize) -> Result<Vec<Conversation>> {
        match self {
            Self::Tandem => tandem::begin(server.address(), server.touchpoint()?, count).await,
            Self::Relay(_) => {
                Ok((0..count).map(|_| Conversation::new(String::new(), String::new())).collect())
            }
        }
    }

    /// Logs an agent in, where agents log in; gives the header lines of their sockets.
    pub(crate) async fn log_in(self, server: SocketAddr, agent: usize) -> Result<String> {
        match self {
            Self::Tandem => tandem::log_in(server, agent).await,
            Self::Relay(_) => Ok(String::new()),
        }
    }

    /// How a side's sockets are opened.
    pub(crate) fn opening(self, side: Side, log_in: &str) -> Opening {
        match self {
            Self::Tandem => tandem::opening(side, log_in),
            Self::Relay(wire) => relay::opening(wire),
        }
    }

    /// Says hello on an open socket and comes back when it is accepted.
    pub(crate) async fn greet(
        self,
        writer: &Rc<Writer>,
        reader: &mut Reader,
        side: Side,
        conversations: &[Conversation],
    ) -> Result<()> {
        match self {
            Self::Tandem => tandem::greet(writer, reader, side, conversations).await,
            Self::Relay(wire) => relay::greet(wire, writer, reader, conversations).await,
        }
    }

    /// Returns the text that sends a message.
    pub(crate) fn message(self, conversation: &ConversationId, number: u32, text: &str) -> String {
        let message_id = message_id(number);
        match self {
            Self::Tandem | Self::Relay(Wire::Plain) => format!(
                r#"{{"type":"send","conversation_id":"{conversation}","message_id":"{message_id}","text":"{text}"}}"#
            ),
            Self::Relay(Wire::EngineIo) => format!(
                r#"42{number}["send",{{"conversation_id":"{conversation}","message_id":"{message_id}","text":"{text}"}}]"#
            ),
        }
    }

    /// Returns the text that confirms everything up to `seq` as received.
    pub(crate) fn receipt(self, conversation: &str, seq: u64) -> String {
        let body = format!(r#""conversation_id":"{conversation}","delivered_seq":{seq},"read_seq":{seq}}}"#);
        match self {
            Self::Tandem | Self::Relay(Wire::Plain) => format!(r#"{{"type":"receipt",{body}"#),
            Self::Relay(Wire::EngineIo) => format!(r#"42["receipt",{{{body}]"#),
        }
    }

    /// The answer to a ping.
    pub(crate) fn pong(self) -> &'static str {
        match self {
            Self::Tandem | Self::Relay(Wire::Plain) => r#"{"type":"pong"}"#,
            Self::Relay(Wire::EngineIo) => "3",
        }
    }

    /// Says what a frame is.
    pub(crate) fn hear(self, frame: &[u8]) -> Heard {
        match self {
            Self::Tandem | Self::Relay(Wire::Plain) => tandem::hear(frame),
            Self::Relay(Wire::EngineIo) => relay::hear_engine_io(frame),
        }
    }
}

impl Conversation {
    /// Makes one that nobody knows yet.
    pub(crate) fn new(touchpoint_id: String, token: String) -> Self {
        let conversation_id = ConversationId::new(UnixMillis(clock::unix_ms()), entropy());
        Self { conversation_id, touchpoint_id, token, seq: 0 }
    }
}

fn entropy() -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&random::next().to_be_bytes()[..2]);
    bytes[2..].copy_from_slice(&random::next().to_be_bytes());
    bytes
}

/// Returns the id of a message: time ahead, as everywhere, and its number in the last eight digits.
fn message_id(number: u32) -> MessageId {
    let mut bytes = entropy();
    bytes[6..].copy_from_slice(&number.to_be_bytes());
    MessageId::new(UnixMillis(clock::unix_ms()), bytes)
}

/// Returns the numbers of the messages in a frame, in its order.
pub(crate) fn numbers(frame: &[u8]) -> impl Iterator<Item = u32> + '_ {
    const MARK: &[u8] = b"\"message_id\":\"msg_";
    const DIGITS: usize = 32;
    memmem::find_iter(frame, MARK).filter_map(|at| {
        let digits = frame.get(at + MARK.len()..at + MARK.len() + DIGITS)?;
        u32::from_str_radix(str::from_utf8(&digits[DIGITS - 8..]).ok()?, 16).ok()
    })
}

/// Returns the last seq in a frame.
pub(crate) fn last_seq(frame: &[u8]) -> Option<u64> {
    const MARK: &[u8] = b"\"seq\":";
    let rest = &frame[memmem::rfind(frame, MARK)? + MARK.len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// Returns the conversation a frame is about.
pub(crate) fn conversation_of(frame: &[u8]) -> Option<&str> {
    const MARK: &[u8] = b"\"conversation_id\":\"";
    const LENGTH: usize = 36;
    let at = memmem::find(frame, MARK)? + MARK.len();
    str::from_utf8(frame.get(at..at + LENGTH)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_carries_its_number_and_is_well_formed() {
        let conversation = Conversation::new(String::new(), String::new()).conversation_id;
        assert!(message_id(7).is_well_formed() && conversation.is_well_formed());
        for dialect in [Dialect::Tandem, Dialect::Relay(Wire::Plain), Dialect::Relay(Wire::EngineIo)] {
            let frame = dialect.message(&conversation, 0xdead_beef, TEXT);
            assert_eq!(numbers(frame.as_bytes()).collect::<Vec<_>>(), [0xdead_beef]);
            assert_eq!(conversation_of(frame.as_bytes()), Some(conversation.as_str()));
        }
    }

    #[test]
    fn the_last_seq_of_a_frame_is_read() {
        assert_eq!(last_seq(br#"{"events":[{"seq":9,"at":""},{"seq":12}]}"#), Some(12));
        assert_eq!(last_seq(b"{}"), None);
    }
}
