//! The console's side of the handshake with the viewer's page, and of the port that follows it.

use std::cell::RefCell;
use std::rc::Rc;

use browser::{Listener, json, page};
use protocol::cobrowse::CobrowseScope;
use protocol::id::CobrowseId;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort};
use yew::Callback;

/// What the viewer says of the session; title and address of the page it shows itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct ViewerState {
    /// Where it stands.
    pub(crate) state: ViewerStage,
    /// The time a change takes from page to page.
    #[serde(default)]
    pub(crate) latency_ms: Option<f64>,
    /// Who looks on, who asks to act and who may.
    #[serde(default)]
    pub(crate) control: Option<Standing>,
}

/// Where control stands, as the server says it.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub(crate) struct Standing {
    /// A question the visitor has not answered.
    #[serde(default)]
    pub(crate) asked: Option<Holder>,
    /// What is given.
    #[serde(default)]
    pub(crate) given: Option<Holder>,
    /// Whether it is given to this agent.
    #[serde(default)]
    pub(crate) is_mine: bool,
    /// The names of those who look on.
    #[serde(default)]
    pub(crate) watchers: Vec<String>,
}

/// Who asked or was given something, and what.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Holder {
    /// The agent's name.
    pub(crate) agent: String,
    /// What for.
    pub(crate) scopes: Vec<CobrowseScope>,
}

/// Where the viewer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ViewerStage {
    /// Nothing to see yet.
    Connecting,
    /// The page is shown and follows.
    Live,
    /// The page is shown as it was; the visitor's side is away.
    Paused,
    /// Nothing follows any more.
    Ended,
}

/// What the console tells the viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToViewer {
    /// What the agent's pointer does.
    Tool {
        /// The tool.
        tool: Tool,
    },
    /// How large the page is shown.
    Zoom {
        /// The size.
        mode: Zoom,
    },
    /// The view scrolls with the visitor's page, or as the agent likes.
    Follow {
        /// Whether it follows.
        follows: bool,
    },
    /// Asks the visitor to act on the page; without scopes, takes the question back.
    Ask {
        /// What for.
        scopes: Vec<CobrowseScope>,
    },
    /// Gives back what was given.
    Release,
    /// Goes to another page.
    Navigate {
        /// Where to.
        way: Way,
    },
    /// The session is over on this side.
    Close,
}

/// Where the visitor's page goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// One page back.
    Back,
    /// One page forward.
    Forward,
    /// The same page anew.
    Reload,
}

/// What the agent's pointer does over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tool {
    /// Nothing.
    None,
    /// The visitor sees it.
    Pointer,
    /// A press frames what is under it.
    Mark,
    /// Lines that fade.
    Draw,
    /// It acts on the page.
    Control,
}

/// How large the page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Zoom {
    /// As large as there is room.
    Fit,
    /// As large as the visitor sees it.
    Actual,
}

#[derive(Serialize)]
struct ViewerStart<'a> {
    r#type: &'static str,
    cobrowse_id: &'a CobrowseId,
    ticket: &'a str,
    agent_name: &'a str,
}

#[derive(Deserialize)]
struct Kind {
    r#type: String,
}

/// What the viewer needs to connect by itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Admission {
    /// The session.
    pub(crate) cobrowse_id: CobrowseId,
    /// The agent's ticket for it.
    pub(crate) ticket: String,
    /// The name beside the agent's pointer.
    pub(crate) agent_name: String,
}

/// The open line to one viewer; dropping it tells the viewer to let go.
pub(crate) struct ViewerLink {
    line: Rc<RefCell<Option<Line>>>,
    _hello: Listener,
}

struct Line {
    port: MessagePort,
    _listener: Listener,
}

impl ViewerLink {
    /// Waits for the viewer's page in this frame and lets it in. A page that is loaded again is let in again.
    pub(crate) fn open(
        frame: HtmlIFrameElement,
        admission: Admission,
        on_state: Callback<ViewerState>,
    ) -> Self {
        let start = ViewerStart {
            r#type: "viewer_start",
            cobrowse_id: &admission.cobrowse_id,
            ticket: &admission.ticket,
            agent_name: &admission.agent_name,
        };
        let on_message = Callback::from(move |message: JsValue| {
            if kind(&message).is_some_and(|kind| kind == "state")
                && let Some(state) = json::from_value(message)
            {
                on_state.emit(state);
            }
        });
        Self::open_with(frame, json::to_value(&start), on_message)
    }

    /// The same, with another first message, and whatever the viewer says.
    pub(crate) fn open_with(frame: HtmlIFrameElement, start: JsValue, on_message: Callback<JsValue>) -> Self {
        let line = Rc::new(RefCell::new(None));
        let shared = line.clone();
        let hello = Listener::new(&page::window(), "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            if is_from(event, &frame) && kind(&event.data()).is_some_and(|kind| kind == "viewer_ready") {
                *shared.borrow_mut() = let_in(&frame, &start, on_message.clone());
            }
        });
        Self { line, _hello: hello }
    }

    /// Tells the viewer something and hands over what is named; before it is ready nothing is told.
    pub(crate) fn post(&self, message: &JsValue, handed_over: &js_sys::Array) {
        if let Some(line) = &*self.line.borrow() {
            let _ = line.port.post_message_with_transferable(message, handed_over);
        }
    }

    /// Tells the viewer something; before it is ready nothing is told.
    pub(crate) fn tell(&self, message: ToViewer) {
        if let Some(line) = &*self.line.borrow() {
            let _ = line.port.post_message(&json::to_value(&message));
        }
    }
}

impl Drop for ViewerLink {
    fn drop(&mut self) {
        self.tell(ToViewer::Close);
        if let Some(line) = &*self.line.borrow() {
            line.port.close();
        }
    }
}

/// Whether the message was posted by the page in the frame, and that page is ours.
fn is_from(event: &MessageEvent, frame: &HtmlIFrameElement) -> bool {
    let Some(window) = frame.content_window() else { return false };
    let source = event.source().map(JsValue::from);
    event.origin() == page::origin() && source == Some(JsValue::from(window))
}

fn kind(message: &JsValue) -> Option<String> {
    json::from_value::<Kind>(message.clone()).map(|kind| kind.r#type)
}

fn let_in(frame: &HtmlIFrameElement, start: &JsValue, on_message: Callback<JsValue>) -> Option<Line> {
    let channel = MessageChannel::new().ok()?;
    let port = channel.port1();
    let listener = Listener::new(&port, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            on_message.emit(event.data());
        }
    });
    port.start();
    let ports = js_sys::Array::of1(&channel.port2());
    let window = frame.content_window()?;
    window.post_message_with_transfer(start, &page::origin(), &ports).ok()?;
    Some(Line { port, _listener: listener })
}
