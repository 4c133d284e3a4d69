//! The sharing of the page while a co-browse session is live: reader in the page, recorder here, a port between.

use std::cell::RefCell;
use std::rc::Rc;

use browser::{Value, page};
use chat_core::VisitorInput;
use protocol::cobrowse::{CobrowseScope, CobrowseSession, CobrowseStage};
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

    /// Loads the question for consent and asks it.
    #[wasm_bindgen(method)]
    fn consent(this: &Tools, name: &str, is_recorded: bool, on_answer: &JsValue) -> Recording;

    /// A recorder that runs, or a question that is asked, or either while it is being loaded.
    type Recording;

    #[wasm_bindgen(method)]
    fn close(this: &Recording);
}

/// The recorder's word for a socket that the server closed for good.
const REFUSED: &str = "refused";

/// The session that is shared at the moment.
pub(super) struct Sharing {
    tools: Tools,
    running: RefCell<Option<Running>>,
    asking: RefCell<Option<Asking>>,
}

/// A question for consent that is on the screen.
struct Asking {
    cobrowse_id: CobrowseId,
    question: Recording,
    _on_answer: Closure<dyn Fn(JsValue)>,
}

struct Running {
    cobrowse_id: CobrowseId,
    ticket: String,
    /// None once the recorder came to its end by itself: the same ticket does not start it again.
    recording: Option<Recording>,
    _on_event: Closure<dyn Fn(JsValue)>,
}

impl Running {
    /// A recorder that runs keeps its ticket when the server gives another one.
    fn is_for(&self, session: &CobrowseSession, ticket: &str) -> bool {
        self.cobrowse_id == session.cobrowse_id && (self.recording.is_some() || self.ticket == ticket)
    }
}

impl Sharing {
    pub(super) fn new(tools: Tools) -> Self {
        Self { tools, running: RefCell::default(), asking: RefCell::default() }
    }

    pub(super) fn tools(&self) -> &Tools {
        &self.tools
    }
}

impl Shell {
    /// Brings the sharing in step with the session that is live, or with there being none.
    pub(super) fn share(self: &Rc<Self>, live: Option<&CobrowseSession>) {
        let ticket = live.and_then(|session| session.ticket.as_deref().map(|ticket| (session, ticket)));
        let is_same = {
            let running = self.sharing.running.borrow();
            match (running.as_ref(), ticket) {
                (Some(running), Some((session, ticket))) => running.is_for(session, ticket),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            }
        };
        if is_same {
            return;
        }
        self.stop_recording();
        self.sharing.running.replace(None);
        if let Some((session, ticket)) = ticket {
            self.start_sharing(session, ticket);
            self.page.send(&ToPage::Banner { is_shown: self.is_sharing() });
        }
    }

    /// Asks until the visitor has answered; the server's word on the answer may take a moment.
    pub(super) fn ask_consent(self: &Rc<Self>, session: Option<&CobrowseSession>) {
        let asked = session.filter(|session| {
            session.stage == CobrowseStage::Asked && self.chat().consent_given() != Some(&session.cobrowse_id)
        });
        let asking = self.sharing.asking.take();
        if asking.as_ref().map(|asking| &asking.cobrowse_id) == asked.map(|session| &session.cobrowse_id) {
            self.sharing.asking.replace(asking);
            return;
        }
        if let Some(asking) = asking {
            asking.question.close();
        }
        let Some(session) = asked.filter(|session| !self.take_offer(session)) else { return };
        let (shell, cobrowse_id) = (Rc::downgrade(self), session.cobrowse_id.clone());
        let on_answer = Closure::<dyn Fn(JsValue)>::new(move |answer| {
            // A question that could not be shown has no answer.
            if let (Some(shell), Value::Bool(is_allowed)) =
                (shell.upgrade(), Value::from_js(&answer).field("is_allowed"))
            {
                shell.feed(VisitorInput::Consent {
                    cobrowse_id: cobrowse_id.clone(),
                    is_allowed: *is_allowed,
                });
            }
        });
        let is_recorded = session.scopes.contains(&CobrowseScope::Record);
        let question = self.sharing.tools.consent(&session.agent.name, is_recorded, on_answer.as_ref());
        let cobrowse_id = session.cobrowse_id.clone();
        self.sharing.asking.replace(Some(Asking { cobrowse_id, question, _on_answer: on_answer }));
    }

    /// Whether the visitor is being asked.
    pub(super) fn is_asking(&self) -> bool {
        self.sharing.asking.borrow().is_some()
    }

    /// Whether this page is shared at the moment. A session that is live in another tab is that tab's to show.
    pub(crate) fn is_sharing(&self) -> bool {
        self.sharing.running.borrow().as_ref().is_some_and(|running| running.recording.is_some())
    }

    /// Stops the recorder and the reader, and says nothing of it to the server.
    fn stop_recording(&self) {
        let recording =
            self.sharing.running.borrow_mut().as_mut().and_then(|running| running.recording.take());
        if let Some(recording) = recording {
            recording.close();
            self.page.send(&ToPage::ReaderStop);
            self.page.send(&ToPage::Banner { is_shown: false });
        }
    }

    fn start_sharing(self: &Rc<Self>, session: &CobrowseSession, ticket: &str) {
        let Ok(channel) = MessageChannel::new() else { return };
        let url = format!("{}/w/{}/reader.js", page::origin(), self.settings.hash);
        let config = &self.settings.cobrowse;
        self.page.send_port(&ToPage::ReaderStart { url: &url, config }, &channel.port1());
        let shell = Rc::downgrade(self);
        let on_event = Closure::<dyn Fn(JsValue)>::new(move |event| {
            if let Some(shell) = shell.upgrade() {
                shell.hear_recorder(&Value::from_js(&event));
            }
        });
        let recording = self.sharing.tools.share(
            &channel.port2(),
            &page::socket_url("/client/v1/cobrowse"),
            session.cobrowse_id.as_str(),
            ticket,
            on_event.as_ref(),
        );
        let running = Running {
            cobrowse_id: session.cobrowse_id.clone(),
            ticket: ticket.to_owned(),
            recording: Some(recording),
            _on_event: on_event,
        };
        self.sharing.running.replace(Some(running));
    }

    /// Connections and viewers come and go; what ends the recording is heard here.
    fn hear_recorder(self: &Rc<Self>, event: &Value) {
        match (event.field("type").as_text(), event.field("reason").as_text()) {
            // The server closed this socket for good. The session may go on in another tab, so it is not ended.
            (Some("ended" | "replaced"), _) | (Some("failed"), Some(REFUSED)) => {
                self.stop_recording();
                self.changed();
            }
            (Some("stopped_by_escape" | "failed"), _) => self.stop_sharing(),
            (Some("asked"), _) => self.open_panel(true),
            _ => {}
        }
    }

    /// The visitor ends the sharing.
    pub(crate) fn stop_sharing(self: &Rc<Self>) {
        self.feed(VisitorInput::StopCobrowse);
    }
}
