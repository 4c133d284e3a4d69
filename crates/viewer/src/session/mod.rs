//! The agent's side of one session: the socket to the relay, the replica, and the stage that shows it.

mod acts;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use browser::clock::now_unix_ms;
use browser::object::{object, text_field};
use browser::{Socket, SocketEvent, Timer};
use cobrowse::envelope::{Flags, Header, Kind};
use cobrowse::limit;
use cobrowse::link::{Link, LinkState};
use cobrowse::pointer::{PointerMark, PointerPhase};
use cobrowse::replica::Change;
use js_sys::{Function, JSON, Math};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::HtmlIFrameElement;

use crate::hand::Hand;
use crate::shown::{Events, Shown, state};

const SUBPROTOCOL: &str = "tandem.cobrowse.v1";
/// How often the way to the page and back is measured.
const PROBE_EVERY_MS: i64 = 4_000;

/// The agent's side of a session. It begins with its making and ends with [`ViewerSession::stop`] or the server's
/// word, which `on_event` tells.
#[wasm_bindgen]
pub struct ViewerSession {
    shared: Rc<RefCell<Session>>,
}

struct Session {
    shown: Shown,
    link: Link,
    socket: Option<Socket>,
    retry: Option<Timer>,
    probe: Option<Timer>,
    on_event: Function,
    address: Address,
    /// Tells this viewer's probes from those of others who look at the same page.
    own_mark: u32,
    /// A keyframe has been asked for and has not come.
    is_resyncing: bool,
    hand: Hand,
    this: Weak<RefCell<Session>>,
}

/// Where to connect, and as whom.
struct Address {
    socket_url: String,
    cobrowse_id: String,
    ticket: String,
    agent_name: String,
}

#[wasm_bindgen]
impl ViewerSession {
    /// Begins a session. `on_event` is called with plain objects whose `type` is `state`, `address`, `viewport`,
    /// `pointer`, `latency`, or `mode`: the last asks for a stage of that layout mode, to be given with
    /// [`ViewerSession::set_stage`].
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(
        socket_url: String,
        cobrowse_id: String,
        ticket: String,
        agent_name: String,
        on_event: Function,
    ) -> Self {
        let shared = Rc::new_cyclic(|this: &Weak<RefCell<Session>>| {
            RefCell::new(Session {
                shown: Shown::default(),
                link: Link::default(),
                socket: None,
                retry: None,
                probe: None,
                on_event,
                address: Address { socket_url, cobrowse_id, ticket, agent_name },
                own_mark: (Math::random() * f64::from(u32::MAX)) as u32,
                is_resyncing: false,
                hand: Hand::default(),
                this: Weak::clone(this),
            })
        });
        with(&Rc::downgrade(&shared), Session::connect);
        Self { shared }
    }

    /// Gives the loaded, sandboxed frame in which the page is shown from here on.
    #[wasm_bindgen(js_name = setStage)]
    pub fn set_stage(&self, frame: HtmlIFrameElement) {
        with(&Rc::downgrade(&self.shared), |session| {
            session.shown.set_stage(frame);
            Events::new()
        });
    }

    /// Shows the agent's pointer on the visitor's page, in CSS pixels of the visitor's window. `phase` is 0 for
    /// moved, 1 for pressed, 2 for left.
    pub fn point(&self, x: i32, y: i32, phase: u32) {
        with(&Rc::downgrade(&self.shared), |session| {
            if let Some(phase) = PointerPhase::from_number(phase) {
                let (right, down) = session.apart();
                let mark = PointerMark { x: x + right, y: y + down, phase };
                session.send(Kind::Pointer, &mark.to_payload());
            }
            Events::new()
        });
    }

    /// Ends this side: the stage is emptied and the socket closed.
    pub fn stop(&self) {
        with(&Rc::downgrade(&self.shared), |session| {
            session.finish();
            Events::new()
        });
    }
}

fn with(session: &Weak<RefCell<Session>>, act: impl FnOnce(&mut Session) -> Events) {
    let Some(session) = session.upgrade() else { return };
    // Nothing that happens while the session acts has to be told to it a second time.
    let Ok(mut borrowed) = session.try_borrow_mut() else { return };
    let events = act(&mut borrowed);
    let on_event = borrowed.on_event.clone();
    drop(borrowed);
    for event in events {
        // What goes wrong in the page's own function is the page's.
        let _ = on_event.call1(&JsValue::NULL, &event);
    }
}

impl Session {
    fn connect(&mut self) -> Events {
        let this = Weak::clone(&self.this);
        self.socket = Socket::open(&self.address.socket_url, SUBPROTOCOL, move |event| {
            with(&this, |session| session.handle_socket(event));
        });
        if self.socket.is_none() {
            self.link.end();
            return vec![ended("server")];
        }
        vec![state("connecting")]
    }

    fn handle_socket(&mut self, event: SocketEvent) -> Events {
        match event {
            SocketEvent::Opened => {
                self.say_hello();
                Events::new()
            }
            SocketEvent::Text(text) => self.handle_text(&text),
            SocketEvent::Binary(frame) => self.handle_frame(&frame),
            SocketEvent::Closed { code } => self.handle_closed(code),
        }
    }

    fn say_hello(&self) {
        self.say(&[
            ("type", "hello".into()),
            ("cobrowse_id", self.address.cobrowse_id.as_str().into()),
            ("ticket", self.address.ticket.as_str().into()),
        ]);
    }

    fn say(&self, fields: &[(&str, JsValue)]) {
        if let (Some(socket), Ok(text)) = (&self.socket, JSON::stringify(&object(fields))) {
            socket.send_text(&String::from(text));
        }
    }

    fn say_name(&self) {
        let name = self.address.agent_name.as_str();
        let end = name.floor_char_boundary(limit::AGENT_NAME_BYTES_MAX);
        self.send(Kind::Hello, &name.as_bytes()[..end]);
    }

    fn handle_text(&mut self, text: &str) -> Events {
        let Ok(message) = JSON::parse(text) else { return Events::new() };
        match text_field(&message, "type").as_deref() {
            Some("welcome") => {
                self.link.handle_welcome(now_ms());
                if let Some(route) = text_field(&message, "assets") {
                    self.shown.set_asset_route(&route);
                }
                self.schedule_probe();
                Events::new()
            }
            Some("control") => vec![message],
            Some("ended") => {
                self.finish();
                vec![ended(&text_field(&message, "by").unwrap_or_default())]
            }
            _ => Events::new(),
        }
    }

    fn handle_closed(&mut self, code: u16) -> Events {
        self.socket = None;
        self.probe = None;
        let was_over = self.link.state() == LinkState::Over;
        self.link.handle_closed(code, Math::random(), now_ms());
        if let Some(retry_at_ms) = self.link.deadline_ms() {
            let this = Weak::clone(&self.this);
            let delay_ms = i64::try_from(retry_at_ms.saturating_sub(now_ms())).unwrap_or(0);
            self.retry = Some(Timer::after_ms(delay_ms, move || with(&this, Session::retry)));
            return vec![state("connecting")];
        }
        if was_over {
            return Events::new();
        }
        self.finish();
        vec![ended("server")]
    }

    fn retry(&mut self) -> Events {
        if self.link.handle_tick(now_ms()) { self.connect() } else { Events::new() }
    }

    fn handle_frame(&mut self, frame: &[u8]) -> Events {
        let mut events = Events::new();
        let Ok(changes) = self.shown.apply(frame, &mut events) else { return self.resync() };
        for change in &changes {
            match change {
                // The recorder may be another one than before: the visitor has gone to another page.
                Change::Document => {
                    self.hand.handle_document();
                    self.say_name();
                }
                Change::Whole => self.is_resyncing = false,
                Change::Focus => self.hand.handle_focus(self.shown.page().focus),
                Change::Epoch(epoch) => self.hand.handle_epoch(*epoch),
                Change::Report(report) if self.hand.is_of_interest(report.number) => events
                    .push(object(&[("type", "outcome".into()), ("outcome", report.outcome.name().into())])),
                Change::Probe(payload) => events.extend(self.latency_event(payload)),
                Change::Placed(_)
                | Change::Detached(_)
                | Change::Removed(_)
                | Change::Attribute { .. }
                | Change::Text(_)
                | Change::Field(_)
                | Change::Scroll(_)
                | Change::Viewport
                | Change::Sheet(_)
                | Change::Adopted(_)
                | Change::Address
                | Change::Paused
                | Change::Pointer(_)
                | Change::Report(_)
                | Change::Aspect(_) => {}
            }
        }
        events
    }

    fn resync(&mut self) -> Events {
        if self.is_resyncing {
            return Events::new();
        }
        self.is_resyncing = true;
        self.send(Kind::Resync, &[]);
        vec![state("connecting")]
    }

    fn schedule_probe(&mut self) {
        let this = Weak::clone(&self.this);
        self.probe = Some(Timer::after_ms(PROBE_EVERY_MS, move || with(&this, Session::send_probe)));
    }

    fn send_probe(&mut self) -> Events {
        let mut payload = self.own_mark.to_le_bytes().to_vec();
        payload.extend_from_slice(&now_ms().to_le_bytes());
        self.send(Kind::Acknowledge, &payload);
        self.schedule_probe();
        Events::new()
    }

    /// Half of the way to the visitor's page and back.
    fn latency_event(&self, payload: &[u8]) -> Option<JsValue> {
        let (mark, sent_at_ms) = payload.split_first_chunk::<4>()?;
        let sent_at_ms = u64::from_le_bytes(sent_at_ms.try_into().ok()?);
        if u32::from_le_bytes(*mark) != self.own_mark {
            return None;
        }
        let latency_ms = now_ms().saturating_sub(sent_at_ms) as f64 / 2.0;
        Some(object(&[("type", "latency".into()), ("ms", latency_ms.into())]))
    }

    fn send(&self, kind: Kind, payload: &[u8]) {
        if let Some(socket) = &self.socket {
            let header = Header { kind, flags: Flags::NONE, sequence: 0, elapsed_ms: 0 };
            socket.send_binary(&header.frame(payload));
        }
    }

    fn finish(&mut self) {
        self.link.end();
        self.retry = None;
        self.probe = None;
        self.socket = None;
        self.shown.clear();
    }
}

fn ended(by: &str) -> JsValue {
    object(&[("type", "state".into()), ("state", "ended".into()), ("by", by.into())])
}

fn now_ms() -> u64 {
    u64::try_from(now_unix_ms()).unwrap_or(0)
}
