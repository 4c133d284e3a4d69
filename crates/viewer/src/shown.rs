//! The page as it stands, with the stage that shows it: what a live session and a recording have in common.

use browser::object::object;
use cobrowse::page::Page;
use cobrowse::pointer::PointerMark;
use cobrowse::replica::{Change, Replica, ReplicaError};
use wasm_bindgen::JsValue;
use web_sys::HtmlIFrameElement;

use crate::address::Addresses;
use crate::stage::Stage;

/// What is told to the viewer's page, which draws around the stage.
pub(crate) type Events = Vec<JsValue>;

/// The page as it stands, and its stage once there is one.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    replica: Replica,
    stage: Option<Stage>,
    addresses: Addresses,
}

impl Shown {
    /// Applies a frame, shows what it changed and tells of it.
    pub(crate) fn apply(&mut self, frame: &[u8], events: &mut Events) -> Result<Vec<Change>, ReplicaError> {
        let changes = self.replica.apply(frame)?;
        for change in &changes {
            self.note(change, events);
            if let Some(stage) = &mut self.stage {
                stage.show(self.replica.page(), change);
            }
        }
        if let Some(stage) = &mut self.stage {
            stage.adopt_sheets(self.replica.page());
        }
        Ok(changes)
    }

    /// Applies a frame and shows nothing; [`Self::show_all`] is to follow.
    pub(crate) fn apply_unseen(&mut self, frame: &[u8]) -> Result<Vec<Change>, ReplicaError> {
        self.replica.apply(frame)
    }

    /// Shows the whole page as it stands.
    pub(crate) fn show_all(&mut self, events: &mut Events) {
        self.want_stage(events);
        let page = self.replica.page();
        if let Some(stage) = &mut self.stage {
            stage.show_all(page);
        }
        events.extend([address_event(page), viewport_event(page), state(stage_word(page))]);
    }

    /// Has files of other sites asked for by way of the server; stages from here on do.
    pub(crate) fn set_asset_route(&mut self, route: &str) {
        self.addresses = Addresses::by_route(route);
    }

    /// Shows the page in this frame from here on.
    pub(crate) fn set_stage(&mut self, frame: HtmlIFrameElement) {
        self.stage = Stage::new(frame, self.addresses.clone());
        if let Some(stage) = &mut self.stage {
            stage.show_all(self.replica.page());
        }
    }

    /// Returns the page; of use once it is whole.
    pub(crate) fn page(&self) -> &Page {
        self.replica.page()
    }

    /// Returns the stage with a whole page on it.
    pub(crate) fn whole_stage(&self) -> Option<&Stage> {
        self.stage.as_ref().filter(|_| self.replica.is_whole())
    }

    /// Returns the stage, if there is one, with the page.
    pub(crate) fn stage(&mut self) -> Option<(&mut Stage, &Page)> {
        self.stage.as_mut().map(|stage| (stage, self.replica.page()))
    }

    /// Forgets the page; what is on the stage stays until something else is shown.
    pub(crate) fn restart(&mut self) {
        self.replica = Replica::new();
    }

    /// Forgets the page and empties the stage.
    pub(crate) fn clear(&mut self) {
        self.restart();
        if let Some(stage) = self.stage.take() {
            stage.clear();
        }
    }

    /// Tells the page what it draws around the stage.
    fn note(&mut self, change: &Change, events: &mut Events) {
        if *change == Change::Document {
            self.want_stage(events);
        }
        let page = self.replica.page();
        match change {
            Change::Document | Change::Address => events.push(address_event(page)),
            Change::Viewport => events.push(viewport_event(page)),
            Change::Whole | Change::Paused => events.push(state(stage_word(page))),
            Change::Pointer(mark) => events.push(pointer_event(mark)),
            Change::Placed(_)
            | Change::Detached(_)
            | Change::Removed(_)
            | Change::Attribute { .. }
            | Change::Text(_)
            | Change::Field(_)
            | Change::Scroll(_)
            | Change::Sheet(_)
            | Change::Adopted(_)
            | Change::Focus
            | Change::Probe(_)
            | Change::Report(_)
            | Change::Epoch(_)
            | Change::Aspect(_) => {}
        }
    }

    /// Asks for another stage when the page is laid out in another mode than the one that stands.
    fn want_stage(&mut self, events: &mut Events) {
        let is_quirky = self.replica.page().is_quirky;
        if self.stage.as_ref().is_none_or(|stage| stage.is_quirky() != is_quirky) {
            self.stage = None;
            let mode = if is_quirky { "quirks" } else { "standards" };
            events.push(object(&[("type", "mode".into()), ("mode", mode.into())]));
        }
    }
}

/// Says where the session stands.
pub(crate) fn state(state: &str) -> JsValue {
    object(&[("type", "state".into()), ("state", state.into())])
}

/// Says where the visitor points.
pub(crate) fn pointer_event(mark: &PointerMark) -> JsValue {
    object(&[
        ("type", "pointer".into()),
        ("x", mark.x.into()),
        ("y", mark.y.into()),
        ("phase", mark.phase.to_number().into()),
    ])
}

fn stage_word(page: &Page) -> &'static str {
    if page.is_paused { "paused" } else { "live" }
}

fn address_event(page: &Page) -> JsValue {
    object(&[
        ("type", "address".into()),
        ("url", page.url.as_str().into()),
        ("title", page.title.as_str().into()),
    ])
}

fn viewport_event(page: &Page) -> JsValue {
    object(&[
        ("type", "viewport".into()),
        ("width", page.viewport.width.into()),
        ("height", page.viewport.height.into()),
        ("zoom_permille", page.viewport.zoom_permille.into()),
        ("left", page.viewport.left.into()),
        ("top", page.viewport.top.into()),
    ])
}
