//! This tab's own connection to the server: a socket, or long-polling in its place.

use std::rc::Rc;

use browser::{Socket, SocketEvent, Value, page};
use chat_core::{TabInput, Transport, VisitorInput};
use protocol::CHAT_SUBPROTOCOL;
use wasm_bindgen::JsValue;

use super::Shell;
use super::line::Line;
use crate::wire::{Read, field};

/// The code of a connection that broke off without a word (RFC 6455, section 7.1.5).
const BROKEN_OFF: u16 = 1006;

/// A connection that is open or being opened.
pub(super) enum Wire {
    Socket(Socket),
    Poll(Line),
}

impl Shell {
    pub(super) fn connect(self: &Rc<Self>, transport: Transport) {
        let wire = match transport {
            Transport::Socket => self.open_socket(),
            Transport::Poll => Some(self.open_poll()),
        };
        let is_open = wire.is_some();
        drop(self.wire.replace(wire));
        if !is_open {
            self.lost(BROKEN_OFF);
        }
    }

    pub(super) fn disconnect(&self) {
        drop(self.wire.take());
    }

    pub(super) fn send(&self, frame: &str) {
        match self.wire.borrow().as_ref() {
            Some(Wire::Socket(socket)) => socket.send_text(frame),
            Some(Wire::Poll(line)) => line.say(&JsValue::from_str(frame)),
            None => {}
        }
    }

    fn open_socket(self: &Rc<Self>) -> Option<Wire> {
        let shell = Rc::downgrade(self);
        let on_event = move |event| {
            let Some(shell) = shell.upgrade() else { return };
            match event {
                SocketEvent::Opened => shell.feed(VisitorInput::SocketOpened),
                SocketEvent::Text(text) => {
                    if let Some(frame) = Value::parse(&text) {
                        shell.hear_server(&frame, text);
                    }
                }
                SocketEvent::Binary(_) => {}
                SocketEvent::Closed { code } => shell.lost(code),
            }
        };
        Socket::open(&page::socket_url("/client/v1/socket"), CHAT_SUBPROTOCOL, on_event).map(Wire::Socket)
    }

    fn open_poll(self: &Rc<Self>) -> Wire {
        let shell = Rc::downgrade(self);
        let hear = move |word: Value| {
            let Some(shell) = shell.upgrade() else { return };
            match word.field("type").as_text() {
                Some("opened") => shell.feed(VisitorInput::SocketOpened),
                Some("frame") => {
                    let frame = word.field("frame");
                    shell.hear_server(frame, frame.stringify());
                }
                _ => shell.lost(field(&word, "code").unwrap_or(BROKEN_OFF)),
            }
        };
        Wire::Poll(Line::poll(self.sharing.tools(), "/client/v1/poll", hear))
    }

    /// A frame of a type this build does not know is passed over.
    fn hear_server(self: &Rc<Self>, frame: &Value, text: String) {
        if let Some(event) = Read::read(frame) {
            self.take(TabInput::Frame { event, text });
        }
    }

    fn lost(self: &Rc<Self>, code: u16) {
        self.disconnect();
        self.feed(VisitorInput::SocketClosed { code });
    }
}
