//! A recording on the stage: the pure player, a timer, and the page it is shown in. Bytes of the recording are asked for
//! with an event and handed in; where they come from is the page's business.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use browser::Timer;
use browser::clock::now_unix_ms;
use browser::object::{field, object, text_field};
use cobrowse::playback::{Motion, Output, Playback, Score};
use cobrowse::pointer::{PointerMark, PointerPhase};
use cobrowse::recording::{Place, Quiet};
use cobrowse::replica::Change;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::HtmlIFrameElement;

use crate::shown::{Events, Shown, pointer_event};

/// Plays one recording.
#[wasm_bindgen]
pub struct RecordingPlayer {
    shared: Rc<RefCell<Player>>,
}

struct Player {
    playback: Playback,
    shown: Shown,
    /// Where the visitor pointed last, on the way to another time.
    pointer: Option<PointerMark>,
    timer: Option<Timer>,
    on_event: Function,
    this: Weak<RefCell<Player>>,
}

#[wasm_bindgen]
impl RecordingPlayer {
    /// Begins at the first page and holds there. `score` is what the server tells of a recording: `recording` with
    /// `duration_ms` and `bytes`, `keyframes`, `quiet` and `assets`. `on_event` is called with plain objects whose `type` is
    /// `fetch` with `from`, `position` with `ms` and `motion`, or one of those of a live session.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(score: &JsValue, on_event: Function) -> Self {
        let playback = Playback::new(read_score(score), now_ms());
        let shared = Rc::new_cyclic(|this: &Weak<RefCell<Player>>| {
            let (mut shown, this) = (Shown::default(), Weak::clone(this));
            if let Some(route) = text_field(score, "assets") {
                shown.set_asset_route(&route);
            }
            RefCell::new(Player { playback, shown, pointer: None, timer: None, on_event, this })
        });
        Self { shared }
    }

    /// Says what is to be done first; to be called once the page listens.
    pub fn start(&self) {
        self.with(|_, _| {});
    }

    /// Gives the loaded, sandboxed frame in which the page is shown from here on.
    #[wasm_bindgen(js_name = setStage)]
    pub fn set_stage(&self, frame: HtmlIFrameElement) {
        self.with(|player, _| player.shown.set_stage(frame));
    }

    /// Hands in bytes of the file, which begin at `from`; none at all are its end.
    pub fn bytes(&self, from: f64, bytes: &[u8]) {
        self.with(|player, now_ms| player.playback.handle_bytes(from as u64, bytes, now_ms));
    }

    /// Goes on.
    pub fn play(&self) {
        self.with(|player, now_ms| player.playback.handle_play(now_ms));
    }

    /// Holds.
    pub fn pause(&self) {
        self.with(|player, now_ms| player.playback.handle_pause(now_ms));
    }

    /// Goes elsewhere.
    pub fn seek(&self, to_ms: f64) {
        self.with(|player, now_ms| player.playback.handle_seek(to_ms.max(0.0) as u32, now_ms));
    }

    /// Runs this many times as fast.
    pub fn speed(&self, speed: u32) {
        self.with(|player, now_ms| player.playback.handle_speed(speed, now_ms));
    }

    /// Whether stretches in which nothing happened are left out.
    pub fn skip(&self, skips_quiet: bool) {
        self.with(|player, now_ms| player.playback.handle_skip(skips_quiet, now_ms));
    }

    /// Ends it: the stage is emptied.
    pub fn stop(&self) {
        self.with(|player, now_ms| {
            player.playback.handle_pause(now_ms);
            player.shown.clear();
        });
    }

    fn with(&self, act: impl FnOnce(&mut Player, u64)) {
        with(&Rc::downgrade(&self.shared), act);
    }
}

fn with(player: &Weak<RefCell<Player>>, act: impl FnOnce(&mut Player, u64)) {
    let Some(player) = player.upgrade() else { return };
    // Nothing that happens while the player acts has to be told to it a second time.
    let Ok(mut borrowed) = player.try_borrow_mut() else { return };
    act(&mut borrowed, now_ms());
    let events = borrowed.drain();
    let on_event = borrowed.on_event.clone();
    drop(borrowed);
    for event in events {
        // What goes wrong in the page's own function is the page's.
        let _ = on_event.call1(&JsValue::NULL, &event);
    }
}

impl Player {
    fn drain(&mut self) -> Events {
        let mut events = Events::new();
        while let Some(output) = self.playback.poll_output() {
            match output {
                Output::Restart => {
                    self.shown.restart();
                    self.pointer = None;
                }
                // After a frame that cannot be applied the page waits for the next keyframe.
                Output::Frame { frame, is_shown: true } => drop(self.shown.apply(&frame, &mut events)),
                Output::Frame { frame, is_shown: false } => self.pass(&frame),
                Output::Landed => {
                    self.shown.show_all(&mut events);
                    // Where nobody had pointed yet, the mark of a later time goes.
                    let nowhere = PointerMark { x: 0, y: 0, phase: PointerPhase::Left };
                    events.push(pointer_event(self.pointer.take().as_ref().unwrap_or(&nowhere)));
                }
                Output::Fetch { from } => {
                    events.push(object(&[("type", "fetch".into()), ("from", (from as f64).into())]));
                }
                Output::Moved => events.push(self.position_event()),
            }
        }
        self.timer = self.playback.deadline_ms().map(|deadline_ms| {
            let this = Weak::clone(&self.this);
            let delay_ms = i64::try_from(deadline_ms.saturating_sub(now_ms())).unwrap_or(0);
            Timer::after_ms(delay_ms, move || {
                with(&this, |player, now_ms| player.playback.handle_tick(now_ms))
            })
        });
        events
    }

    fn pass(&mut self, frame: &[u8]) {
        let changes = self.shown.apply_unseen(frame).unwrap_or_default();
        for change in changes {
            if let Change::Pointer(mark) = change {
                self.pointer = Some(mark);
            }
        }
    }

    fn position_event(&self) -> JsValue {
        let motion = match self.playback.motion() {
            Motion::Held => "held",
            Motion::Running => "running",
            Motion::Waiting => "waiting",
            Motion::Ended => "ended",
        };
        object(&[
            ("type", "position".into()),
            ("ms", self.playback.position_ms().into()),
            ("motion", motion.into()),
        ])
    }
}

fn read_score(score: &JsValue) -> Score {
    let recording = field(score, "recording");
    let all = |name| Array::from(&field(score, name)).to_vec();
    Score {
        duration_ms: number(&recording, "duration_ms") as u32,
        bytes: number(&recording, "bytes") as u64,
        places: all("keyframes")
            .iter()
            .map(|place| Place {
                at_ms: number(place, "at_ms") as u32,
                offset: number(place, "offset") as u64,
            })
            .collect(),
        quiet: all("quiet")
            .iter()
            .map(|quiet| Quiet {
                from_ms: number(quiet, "from_ms") as u32,
                to_ms: number(quiet, "to_ms") as u32,
                is_paused: field(quiet, "is_paused").is_truthy(),
            })
            .collect(),
    }
}

fn number(object: &JsValue, name: &str) -> f64 {
    field(object, name).as_f64().unwrap_or(0.0)
}

fn now_ms() -> u64 {
    u64::try_from(now_unix_ms()).unwrap_or(0)
}
