//! The channel to the page's side: what each says to the other. Tokens go to the page's storage and nowhere else.

use browser::{Listener, Value};
use protocol::people::Page;
use protocol::touchpoint::CobrowseSettings;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, MessagePort};

use crate::wire::{Read, Write};

/// What the site asked of the launcher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// `Tandem.show()`.
    Show,
    /// `Tandem.hide()`.
    Hide,
}

/// What the page says.
#[derive(Debug)]
pub(crate) enum FromPage {
    /// The panel is on the screen.
    Open {
        /// Whether the visitor went there, so that the focus goes along.
        is_entered: bool,
    },
    /// The panel was put away.
    Close,
    /// The visitor is on another page.
    Page { page: Page },
    /// Another tab of this site kept or forgot something.
    Stored { key: String, value: Option<String> },
    /// The site showed or hid the launcher.
    Override { wish: Wish },
    /// The site calls and waits for a result with the same number; none when the call cannot be read.
    Call { call: u32, what: Option<Call> },
    /// The reader could not be loaded into the page.
    ReaderFailed,
}

/// What a site may ask of the chat.
#[derive(Debug)]
pub(crate) enum Call {
    /// Who the visitor is.
    Identify(SiteIdentity),
    /// Sends a message as the visitor.
    Send(String),
    /// Why the launcher is shown or not.
    Explain,
}

/// What a site says about the visitor, in the words of `Tandem.identify`.
#[derive(Debug)]
pub(crate) struct SiteIdentity {
    pub(crate) id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) firstname: Option<String>,
    pub(crate) lastname: Option<String>,
    pub(crate) labels: Vec<String>,
}

/// What the frame says.
#[derive(Debug)]
pub(crate) enum ToPage<'a> {
    /// The chat is drawn and listens.
    Ready,
    /// Keep a value under a key, or forget it.
    Keep { key: &'a str, value: Option<&'a str> },
    /// Keep a value under a key, or forget it, unless another one is kept than the one that gives way; answered with
    /// `Stored`.
    Claim { key: &'a str, value: Option<&'a str>, over: Option<&'a str> },
    /// Show the launcher or hide it.
    Launcher { is_visible: bool },
    /// Open the panel or put it away.
    Panel { is_open: bool },
    /// Show the strip that says that the page is shared, while the panel is closed.
    Banner { is_shown: bool },
    /// Keep over a reload of this tab whether it shares its page.
    Sharing { is_sharing: bool },
    /// Messages that were not read.
    Unread { count: usize },
    /// The answer to a call.
    Result { call: u32, value: Value, error: Option<&'a str> },
    /// An event for the site.
    Event { name: &'a str, detail: Value },
    /// Load the reader and give it the port that comes with this.
    ReaderStart { url: &'a str, config: &'a CobrowseSettings },
    /// Stop the reader.
    ReaderStop,
}

/// The frame's end of the channel.
pub(crate) struct PagePort {
    port: MessagePort,
}

impl PagePort {
    pub(crate) fn new(port: MessagePort) -> Self {
        Self { port }
    }

    /// Begins to listen; messages of a shape this build does not know are passed over.
    pub(crate) fn listen(&self, on_message: impl Fn(FromPage) + 'static) -> Listener {
        let listener = Listener::new(&self.port, "message", move |event| {
            let value = event.dyn_ref::<MessageEvent>().map(|event| Value::from_js(&event.data()));
            if let Some(message) = value.as_ref().and_then(FromPage::read) {
                on_message(message);
            }
        });
        self.port.start();
        listener
    }

    pub(crate) fn send(&self, message: &ToPage<'_>) {
        let _ = self.port.post_message(&message.write().to_js());
    }

    /// Sends a message, and a port goes over to the page.
    pub(crate) fn send_port(&self, message: &ToPage<'_>, port: &MessagePort) {
        let transfer = js_sys::Array::of1(port);
        let _ = self.port.post_message_with_transferable(&message.write().to_js(), &transfer);
    }
}
