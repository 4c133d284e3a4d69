//! What the agent does with the page: asking for it, pointing out, and acting on it.

use std::rc::Rc;

use cobrowse::control::{Action, Offset};
use cobrowse::envelope::Kind;
use cobrowse::limit;
use cobrowse::node::NodeId;
use js_sys::Array;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{Session, ViewerSession, with};
use crate::shown::Events;
use crate::{choices, hand};

#[wasm_bindgen]
impl ViewerSession {
    /// Asks to act on the page: names of scopes, `scroll`, `click`, `type`, `navigate`; none takes the question back.
    pub fn ask(&self, scopes: Vec<String>) {
        with(&Rc::downgrade(&self.shared), |session| {
            let scopes: Array = scopes.iter().map(|scope| JsValue::from_str(scope)).collect();
            session.say(&[("type", "ask".into()), ("scopes", scopes.into())]);
            Events::new()
        });
    }

    /// Gives back what was given.
    pub fn release(&self) {
        with(&Rc::downgrade(&self.shared), |session| {
            session.say(&[("type", "release".into())]);
            Events::new()
        });
    }

    /// Clicks at a place of the visitor's window; `count` is which click in a row it is. On a select nothing is
    /// clicked: answers its options instead, with their box, to choose from with [`ViewerSession::choose`].
    #[wasm_bindgen(js_name = clickAt)]
    pub fn click_at(&self, x: f64, y: f64, count: u32) -> JsValue {
        let mut options = JsValue::UNDEFINED;
        with(&Rc::downgrade(&self.shared), |session| {
            if let Some((node_id, offset)) = session.hit(x, y) {
                options = session.options(node_id);
                if options.is_undefined() {
                    session.act(Action::Click { node_id, offset, count });
                }
            }
            Events::new()
        });
        options
    }

    /// Moves onto whatever stands at a place of the visitor's window.
    #[wasm_bindgen(js_name = hoverAt)]
    pub fn hover_at(&self, x: f64, y: f64) {
        self.with_hit(x, y, |session, node_id, offset| session.act(Action::Hover { node_id, offset }));
    }

    /// Frames the element at a place for the visitor.
    #[wasm_bindgen(js_name = markAt)]
    pub fn mark_at(&self, x: f64, y: f64) {
        self.with_hit(x, y, |session, node_id, _| session.mark(node_id));
    }

    /// Takes the frame away.
    pub fn unmark(&self) {
        with(&Rc::downgrade(&self.shared), |session| {
            session.mark(NodeId::NONE);
            Events::new()
        });
    }

    /// Draws on: x and y in turns, in CSS pixels of the visitor's window.
    pub fn draw(&self, points: Vec<i32>, is_new: bool) {
        with(&Rc::downgrade(&self.shared), |session| {
            let (right, down) = session.apart();
            let points = points.chunks_exact(2).take(limit::DRAWN_POINTS_MAX);
            let points = points.map(|point| (point[0] + right, point[1] + down)).collect();
            session.act(Action::Draw { is_new, points });
            Events::new()
        });
    }

    /// Scrolls what stands at a place of the visitor's window.
    #[wasm_bindgen(js_name = scrollAt)]
    pub fn scroll_at(&self, x: f64, y: f64, right: i32, down: i32) {
        self.with_hit(x, y, |session, node_id, _| session.act(Action::Scroll { node_id, x: right, y: down }));
    }

    /// Types a text where the caret stands.
    pub fn insert(&self, text: String) {
        with(&Rc::downgrade(&self.shared), |session| {
            let node_id = session.hand.typing();
            session.act(Action::Insert { node_id, text });
            Events::new()
        });
    }

    /// Presses a key that is no character, by its name in UI Events.
    pub fn key(&self, key: String, is_shifted: bool) {
        with(&Rc::downgrade(&self.shared), |session| {
            let node_id = session.hand.typing();
            session.act(Action::Key { node_id, key, is_shifted });
            Events::new()
        });
    }

    /// Chooses an option that [`ViewerSession::click_at`] has answered.
    pub fn choose(&self, option: u32) {
        with(&Rc::downgrade(&self.shared), |session| {
            session.act(Action::Choose { node_id: NodeId(option) });
            Events::new()
        });
    }

    /// Goes `back`, `forward`, `reload`s, or to an `address` of the same site.
    pub fn navigate(&self, way: &str, address: String) {
        with(&Rc::downgrade(&self.shared), |session| {
            if let Some(destination) = hand::destination(way, address) {
                session.act(Action::Navigate(destination));
            }
            Events::new()
        });
    }

    /// Whether the view scrolls with the visitor's page, or as the agent likes.
    #[wasm_bindgen(js_name = followScroll)]
    pub fn follow_scroll(&self, follows: bool) {
        with(&Rc::downgrade(&self.shared), |session| {
            if let Some((stage, page)) = session.shown.stage() {
                stage.follow_scroll(page, follows);
            }
            Events::new()
        });
    }

    /// Scrolls the view alone.
    #[wasm_bindgen(js_name = scrollAlone)]
    pub fn scroll_alone(&self, right: f64, down: f64) {
        with(&Rc::downgrade(&self.shared), |session| {
            if let Some((stage, _)) = session.shown.stage() {
                stage.scroll_alone(right, down);
            }
            Events::new()
        });
    }
}

impl ViewerSession {
    fn with_hit(&self, x: f64, y: f64, act: impl FnOnce(&mut Session, NodeId, Offset)) {
        with(&Rc::downgrade(&self.shared), |session| {
            if let Some((node_id, offset)) = session.hit(x, y) {
                act(session, node_id, offset);
            }
            Events::new()
        });
    }
}

impl Session {
    fn hit(&self, x: f64, y: f64) -> Option<(NodeId, Offset)> {
        self.shown.whole_stage()?.hit(x, y)
    }

    pub(super) fn apart(&self) -> (i32, i32) {
        self.shown.whole_stage().map_or((0, 0), |stage| stage.scrolled_apart(self.shown.page()))
    }

    fn act(&mut self, action: Action) {
        if let Some(command) = self.hand.act(action) {
            self.send(Kind::Control, &command.to_payload());
        }
    }

    fn mark(&mut self, node_id: NodeId) {
        if let Some(command) = self.hand.mark(node_id) {
            self.send(Kind::Control, &command.to_payload());
        }
    }

    /// The options of a select, as the page shows them to the agent; undefined for anything else.
    fn options(&self, node_id: NodeId) -> JsValue {
        let page = self.shown.page();
        let is_select = page.element(node_id).is_some_and(|element| element.tag.as_ref() == "select");
        let Some(stage) = self.shown.whole_stage().filter(|_| is_select) else { return JsValue::UNDEFINED };
        choices::of(page, node_id, stage.box_of(node_id).unwrap_or_default())
    }
}
