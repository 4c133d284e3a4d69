//! The sharing of the page while a co-browse session is live: reader in the page, recorder here, a port between.

use std::cell::RefCell;
use std::rc::Rc;

use browser::{Value, page};
use chat_core::VisitorInput;
use protocol::cobrowse::CobrowseSession;
use protocol::id::CobrowseId;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::{MessageChannel, MessagePort};

use super::Shell;
use crate::page_port::ToPage;

#[wasm_bindgen]
extern "C" {
    /// What `frame.js` does for the widget, because only a script can import a module.
    pub type Tools;

    /// Loads the recorder and starts it.
    #[wasm_bindgen(method)]
    fn share(
        this: &Tools,
        port: &MessagePort,
        socket_url: &str,
        cobrowse_id: &str,
        ticket: &str,
        on_event: &JsValue,
    ) -> Recording;

    /// A recorder that runs, or is being loaded.
    type Recording;

    #[wasm_bindgen(method)]
    fn stop(this: &Recording);
}

/// The session that is shared at the moment.
pub(super) struct Sharing {
    tools: Tools,
    running: RefCell<Option<Running>>,
}

struct Running {
    cobrowse_id: CobrowseId,
    recording: Recording,
    _on_event: Closure<dyn Fn(JsValue)>,
}

impl Sharing {
    pub(super) fn new(tools: Tools) -> Self {
        Self { tools, running: RefCell::default() }
    }
}

impl Shell {
    /// Brings the sharing in step with the session that is live, or with there being none.
    pub(super) fn share(self: &Rc<Self>, live: Option<&CobrowseSession>) {
        let ticket = live.and_then(|session| session.ticket.as_deref().map(|ticket| (session, ticket)));
        let is_same = {
            let running = self.sharing.running.borrow();
            let id = running.as_ref().map(|running| &running.cobrowse_id);
            id == ticket.map(|(session, _)| &session.cobrowse_id)
        };
        if is_same {
            return;
        }
        if let Some(running) = self.sharing.running.take() {
            running.recording.stop();
            self.page.send(&ToPage::ReaderStop);
        }
        if let Some((session, ticket)) = ticket {
            self.start_sharing(session, ticket);
        }
        self.page.send(&ToPage::Banner { is_shown: ticket.is_some() });
    }

    fn start_sharing(self: &Rc<Self>, session: &CobrowseSession, ticket: &str) {
        let Ok(channel) = MessageChannel::new() else { return };
        let url = format!("{}/w/{}/reader.js", page::origin(), self.settings.hash);
        let config = &self.settings.cobrowse;
        self.page.send_port(&ToPage::ReaderStart { url: &url, config }, &channel.port1());
        let shell = Rc::downgrade(self);
        let on_event = Closure::<dyn Fn(JsValue)>::new(move |event| {
            // Connections and viewers come and go; when the session is over the server says so.
            let event = Value::from_js(&event);
            if let (Some(shell), Some("stopped_by_escape" | "failed")) =
                (shell.upgrade(), event.field("type").as_text())
            {
                shell.stop_sharing();
            }
        });
        let recording = self.sharing.tools.share(
            &channel.port2(),
            &page::socket_url("/client/v1/cobrowse"),
            session.cobrowse_id.as_str(),
            ticket,
            on_event.as_ref(),
        );
        let running = Running { cobrowse_id: session.cobrowse_id.clone(), recording, _on_event: on_event };
        self.sharing.running.replace(Some(running));
    }

    /// The visitor ends the sharing.
    pub(crate) fn stop_sharing(self: &Rc<Self>) {
        self.feed(VisitorInput::StopCobrowse);
    }
}
