//! One shared page: the port to the reader, the socket to the relay, and the pure machines between them.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use browser::object::{field, object, text_field};
use browser::{Socket, SocketEvent, Timer};
use cobrowse::control::{Command, Outcome, Report, Scope};
use cobrowse::envelope::{Header, Kind};
use cobrowse::limit;
use cobrowse::link::{GONE_CODE, Link, LinkState};
use cobrowse::pointer::PointerMark;
use cobrowse::recorder::{Output, Recorder};
use js_sys::{Array, Function, JSON, Math};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::{MessageEvent, MessagePort};

use crate::acts;
use crate::batch::BatchBuffers;
use crate::grant::Grant;
use crate::standalone::now_ms;

const SUBPROTOCOL: &str = "tandem.cobrowse.v1";
/// A socket that is too full is looked at again after this time.
const BACKLOG_LOOK_MS: i64 = 250;

/// The visitor's side of a session. It begins with its making and ends with [`RecorderSession::stop`], with the
/// server's word, or with a failure, which `on_event` tells.
#[wasm_bindgen]
pub struct RecorderSession {
    shared: Rc<RefCell<Session>>,
}

struct Session {
    recorder: Recorder,
    link: Link,
    socket: Option<Socket>,
    timer: Option<Timer>,
    port: MessagePort,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    on_event: Function,
    address: Address,
    /// What the agent's pointer carries, as the viewer says.
    agent_name: String,
    grant: Grant,
    this: Weak<RefCell<Session>>,
}

/// Where to connect, and as whom.
struct Address {
    socket_url: String,
    cobrowse_id: String,
    ticket: String,
}

#[wasm_bindgen]
impl RecorderSession {
    /// Begins a session. `port` leads to the reader in the visitor's page; `on_event` is called with plain objects
    /// whose `type` is `connected`, `viewers`, `control`, `ended`, `stopped_by_escape`, `replaced` or `failed`.
    /// `control` says who looks on, who asks to act and who may, as the server's socket says it. After `replaced`
    /// this page no longer shares: another page of the same visitor does, or nobody does any more.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(
        port: MessagePort,
        socket_url: String,
        cobrowse_id: String,
        ticket: String,
        on_event: Function,
    ) -> Self {
        let address = Address { socket_url, cobrowse_id, ticket };
        let shared = Rc::new_cyclic(|this: &Weak<RefCell<Session>>| {
            let session = Weak::clone(this);
            let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                with(&session, |session| session.handle_port_message(&event.data()));
            });
            port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            RefCell::new(Session {
                recorder: Recorder::with_epoch((Math::random() * f64::from(u32::MAX)) as u32),
                link: Link::default(),
                socket: None,
                timer: None,
                port,
                _on_message: on_message,
                on_event,
                address,
                agent_name: String::new(),
                grant: Grant::default(),
                this: Weak::clone(this),
            })
        });
        with(&Rc::downgrade(&shared), Session::connect);
        Self { shared }
    }

    /// The visitor's answer to the question with this number: the names of the scopes they allow, none to refuse. To
    /// be called for their own click only.
    pub fn answer(&self, number: u32, scopes: Vec<String>) {
        with(&Rc::downgrade(&self.shared), |session| session.answer(number, &scopes));
    }

    /// The visitor takes back what they gave.
    pub fn revoke(&self) {
        with(&Rc::downgrade(&self.shared), Session::revoke);
    }

    /// The visitor holds the sharing for a moment, or goes on with it.
    pub fn hold(&self, is_held: bool) {
        with(&Rc::downgrade(&self.shared), |session| session.hold(is_held));
    }

    /// Shows these words on the page as long as an agent may act on it; empty ones take them away.
    pub fn announce(&self, label: &str) {
        with(&Rc::downgrade(&self.shared), |session| {
            session.tell_reader(&object(&[("type", "announce".into()), ("label", label.into())]));
            Events::new()
        });
    }

    /// Ends the session: the reader leaves the page and the socket is closed.
    pub fn stop(&self) {
        with(&Rc::downgrade(&self.shared), Session::finish);
    }
}

/// What a call on the session wants told to its owner, after the session is no longer borrowed: the owner may well
/// answer by stopping it.
type Events = Vec<JsValue>;

fn with(session: &Weak<RefCell<Session>>, act: impl FnOnce(&mut Session) -> Events) {
    let Some(session) = session.upgrade() else { return };
    // A socket that closes while the session acts has nothing to tell that the session does not know.
    let Ok(mut borrowed) = session.try_borrow_mut() else { return };
    let events = act(&mut borrowed);
    let on_event = borrowed.on_event.clone();
    drop(borrowed);
    for event in events {
        // What goes wrong in the owner's function is the owner's.
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
            return self.fail("address");
        }
        Events::new()
    }

    fn handle_socket(&mut self, event: SocketEvent) -> Events {
        match event {
            SocketEvent::Opened => {
                self.say_hello();
                Events::new()
            }
            SocketEvent::Text(text) => self.handle_text(&text),
            SocketEvent::Binary(frame) => {
                self.handle_viewer_frame(&frame);
                self.drain()
            }
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

    fn handle_text(&mut self, text: &str) -> Events {
        let Ok(message) = JSON::parse(text) else { return Events::new() };
        let mut events = Events::new();
        match text_field(&message, "type").as_deref() {
            Some("welcome") => {
                self.link.handle_welcome(now_ms());
                // To the server a page that comes back is a new one.
                if self.recorder.is_held() {
                    self.say(&[("type", "hold".into()), ("is_held", true.into())]);
                }
                self.recorder.handle_link_up(now_ms());
                events.push(object(&[("type", "connected".into())]));
            }
            Some("keyframe_needed") => self.recorder.handle_keyframe_wish(now_ms()),
            Some("viewers") => {
                events.push(object(&[("type", "viewers".into()), ("count", field(&message, "count"))]));
            }
            Some("missing") => self.tell_reader(&message),
            Some("control") => {
                self.grant.handle_standing(&message);
                events.push(message);
            }
            Some("ended") => {
                self.finish();
                events.push(object(&[("type", "ended".into()), ("by", field(&message, "by"))]));
                return events;
            }
            _ => {}
        }
        events.extend(self.drain());
        events
    }

    /// The agent's pointer goes to the reader, which draws it; a viewer that lost the thread gets a keyframe.
    fn handle_viewer_frame(&mut self, frame: &[u8]) {
        let Ok((header, payload)) = Header::parse(frame) else { return };
        if header.kind == Kind::Hello
            && payload.len() <= limit::AGENT_NAME_BYTES_MAX
            && let Ok(name) = std::str::from_utf8(payload)
        {
            self.agent_name = name.into();
        }
        if header.kind == Kind::Resync {
            self.recorder.handle_keyframe_wish(now_ms());
        }
        if header.kind == Kind::Acknowledge {
            self.recorder.handle_probe(payload, now_ms());
        }
        if header.kind == Kind::Control
            && let Some(command) = Command::from_payload(payload)
        {
            self.act(&command);
        }
        if header.kind == Kind::Pointer
            && let Some(mark) = PointerMark::from_payload(payload)
        {
            self.tell_reader(&object(&[
                ("type", "pointer".into()),
                ("x", mark.x.into()),
                ("y", mark.y.into()),
                ("phase", mark.phase.to_number().into()),
                ("name", self.agent_name.as_str().into()),
            ]));
        }
    }

    fn handle_closed(&mut self, code: u16) -> Events {
        self.socket = None;
        // What was given ended with the connection, for the server as well.
        self.grant = Grant::default();
        self.recorder.handle_link_down();
        let was_over = self.link.state() == LinkState::Over;
        self.link.handle_closed(code, Math::random(), now_ms());
        if let Some(retry_at_ms) = self.link.deadline_ms() {
            let this = Weak::clone(&self.this);
            let delay_ms = i64::try_from(retry_at_ms.saturating_sub(now_ms())).unwrap_or(0);
            self.timer = Some(Timer::after_ms(delay_ms, move || with(&this, Session::retry)));
            return Events::new();
        }
        if was_over {
            return Events::new();
        }
        if code == GONE_CODE {
            self.finish();
            return vec![object(&[("type", "replaced".into())])];
        }
        self.fail("refused")
    }

    fn retry(&mut self) -> Events {
        if self.link.handle_tick(now_ms()) { self.connect() } else { Events::new() }
    }

    fn handle_port_message(&mut self, message: &JsValue) -> Events {
        match text_field(message, "type").as_deref() {
            Some("batch") => {
                if let Some(buffers) = BatchBuffers::from_message(message) {
                    self.recorder.handle_batch(buffers.as_batch(), now_ms());
                }
                self.drain()
            }
            // The first press takes the page back from an agent who acts on it, the next one ends the sharing.
            Some("escape") if self.grant.is_given(now_ms()) => self.revoke(),
            Some("escape") => vec![object(&[("type", "stopped_by_escape".into())])],
            Some("outcome") => {
                if let Some(report) = acts::report(message) {
                    self.recorder.handle_report(report, now_ms());
                }
                self.drain()
            }
            _ => Events::new(),
        }
    }

    fn drain(&mut self) -> Events {
        if let Some(socket) = &self.socket {
            self.recorder.handle_backlog(socket.buffered_bytes(), now_ms());
        }
        while let Some(output) = self.recorder.poll_output() {
            match output {
                Output::Frame(frame) => {
                    if let Some(socket) = &self.socket {
                        socket.send_binary(&frame);
                    }
                }
                Output::ReadPage => self.tell_reader(&object(&[("type", "read".into())])),
                Output::Failed(_) => return self.fail("reader"),
            }
        }
        if self.recorder.is_behind() {
            let this = Weak::clone(&self.this);
            self.timer = Some(Timer::after_ms(BACKLOG_LOOK_MS, move || with(&this, Session::drain)));
        }
        Events::new()
    }

    /// An agent's action: it goes to the page if it is meant for this page, and if this visitor has allowed it here.
    /// What the server lets through is not enough.
    fn act(&mut self, command: &Command) {
        let scope = command.action.scope();
        let refusal = if !self.recorder.is_meant(command) {
            Some(Outcome::Gone)
        } else if scope != Scope::Point && !self.grant.allows(scope, now_ms()) {
            Some(Outcome::NotGranted)
        } else {
            None
        };
        match refusal {
            Some(outcome) if scope != Scope::Point => {
                self.recorder.handle_report(Report { number: command.number, outcome }, now_ms());
            }
            Some(_) => {}
            None => {
                let may_navigate = self.grant.allows(Scope::Navigate, now_ms());
                self.tell_reader(&acts::message(command, self.grant.agent_name(), may_navigate));
            }
        }
    }

    fn answer(&mut self, number: u32, scopes: &[String]) -> Events {
        self.grant.answer(scopes, now_ms());
        let scopes: Array = scopes.iter().map(|scope| JsValue::from_str(scope)).collect();
        self.say(&[("type", "answer".into()), ("number", number.into()), ("scopes", scopes.into())]);
        Events::new()
    }

    fn revoke(&mut self) -> Events {
        self.grant = Grant::default();
        self.say(&[("type", "revoke".into())]);
        Events::new()
    }

    fn hold(&mut self, is_held: bool) -> Events {
        self.say(&[("type", "hold".into()), ("is_held", is_held.into())]);
        self.recorder.handle_hold(is_held, now_ms());
        self.drain()
    }

    fn say(&self, fields: &[(&str, JsValue)]) {
        if let (Some(socket), Ok(text)) = (&self.socket, JSON::stringify(&object(fields))) {
            socket.send_text(&String::from(text));
        }
    }

    fn fail(&mut self, reason: &str) -> Events {
        self.finish();
        vec![object(&[("type", "failed".into()), ("reason", reason.into())])]
    }

    fn finish(&mut self) -> Events {
        self.link.end();
        self.timer = None;
        self.socket = None;
        self.tell_reader(&object(&[("type", "stop".into())]));
        self.port.set_onmessage(None);
        Events::new()
    }

    fn tell_reader(&self, message: &JsValue) {
        // A port whose other end is gone takes messages and drops them.
        let _ = self.port.post_message(message);
    }
}
