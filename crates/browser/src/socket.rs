//! One WebSocket. It neither reconnects nor queues: a pure machine decides that.

use js_sys::{ArrayBuffer, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::listener::Listener;

/// What a socket tells its owner.
pub enum SocketEvent {
    /// Frames can be sent.
    Opened,
    /// A text frame came in.
    Text(String),
    /// A binary frame came in.
    Binary(Vec<u8>),
    /// The connection is over; nothing follows. 1006 when it broke off without a word.
    Closed {
        /// The close code (RFC 6455, section 7.4).
        code: u16,
    },
}

/// A WebSocket that is closed, and silent, when it is dropped.
pub struct Socket {
    socket: WebSocket,
    _listeners: [Listener; 3],
}

impl Socket {
    /// Begins to connect; `None` when the address is not one for sockets.
    #[must_use]
    pub fn open(url: &str, subprotocol: &str, on_event: impl Fn(SocketEvent) + 'static) -> Option<Self> {
        let socket = WebSocket::new_with_str(url, subprotocol).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let on_event = Rc::new(on_event);
        let (on_open, on_message, on_close) = (on_event.clone(), on_event.clone(), on_event);
        let listeners = [
            Listener::new(&socket, "open", move |_| on_open(SocketEvent::Opened)),
            Listener::new(&socket, "message", move |event| {
                if let Some(frame) = event.dyn_ref::<MessageEvent>().and_then(read_frame) {
                    on_message(frame);
                }
            }),
            Listener::new(&socket, "close", move |event| {
                let code = event.dyn_ref::<CloseEvent>().map_or(1006, CloseEvent::code);
                on_close(SocketEvent::Closed { code });
            }),
        ];
        Some(Self { socket, _listeners: listeners })
    }

    /// Sends a text frame. On a socket that is not open it is dropped; `Closed` says that the connection is over.
    pub fn send_text(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }

    /// Sends a binary frame; dropped like text on a socket that is not open.
    pub fn send_binary(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }

    /// Returns how many bytes wait in the browser to be sent.
    #[must_use]
    pub fn buffered_bytes(&self) -> u32 {
        self.socket.buffered_amount()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close_with_code(1000);
    }
}

fn read_frame(event: &MessageEvent) -> Option<SocketEvent> {
    let content = event.data();
    if let Some(text) = content.as_string() {
        return Some(SocketEvent::Text(text));
    }
    let buffer = content.dyn_into::<ArrayBuffer>().ok()?;
    Some(SocketEvent::Binary(Uint8Array::new(&buffer).to_vec()))
}
