//! A stream of server-sent events; the browser itself connects again when it breaks.

use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use crate::listener::Listener;

/// A stream that is closed when it is dropped.
pub struct EventStream {
    source: EventSource,
    _listener: Listener,
}

impl EventStream {
    /// Connects and gives the text of every unnamed event; `None` when the address is not valid.
    #[must_use]
    pub fn open(url: &str, on_text: impl Fn(String) + 'static) -> Option<Self> {
        let source = EventSource::new(url).ok()?;
        let listener = Listener::new(&source, "message", move |event| {
            if let Some(text) = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()) {
                on_text(text);
            }
        });
        Some(Self { source, _listener: listener })
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.source.close();
    }
}
