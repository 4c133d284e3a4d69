//! The stage without socket, for the SDK: frames in, a page in an iframe.

use browser::object::object;
use cobrowse::replica::Replica;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
use web_sys::HtmlIFrameElement;

use crate::address::Addresses;
use crate::stage::Stage;

/// Rebuilds a page in a frame from the recorder's frames.
#[wasm_bindgen]
pub struct FrameViewer {
    replica: Replica,
    stage: Stage,
}

#[wasm_bindgen]
impl FrameViewer {
    /// Takes an iframe of the same origin over; its document is emptied.
    ///
    /// # Errors
    /// When the iframe's document cannot be reached.
    #[wasm_bindgen(constructor)]
    pub fn new(frame: HtmlIFrameElement) -> Result<Self, JsError> {
        let stage = Stage::new(frame, Addresses::default())
            .ok_or_else(|| JsError::new("the iframe's document cannot be reached"))?;
        Ok(Self { replica: Replica::new(), stage })
    }

    /// Applies one frame; answers whether the page is whole.
    ///
    /// # Errors
    /// When the frame is malformed or one is missing before it; the next keyframe mends that.
    pub fn apply(&mut self, frame: &[u8]) -> Result<bool, JsError> {
        let changes = self.replica.apply(frame).map_err(|error| JsError::new(&error.to_string()))?;
        for change in &changes {
            self.stage.show(self.replica.page(), change);
        }
        self.stage.adopt_sheets(self.replica.page());
        Ok(self.replica.is_whole())
    }

    /// Returns what stands around the page: `title`, `url`, the visitor's window as `width` and `height` in CSS
    /// pixels, whether it `isPaused` (in the background) and whether it `isQuirky` (laid out in quirks mode).
    #[must_use]
    pub fn page(&self) -> JsValue {
        let page = self.replica.page();
        object(&[
            ("title", page.title.as_str().into()),
            ("url", page.url.as_str().into()),
            ("width", page.viewport.width.into()),
            ("height", page.viewport.height.into()),
            ("isPaused", page.is_paused.into()),
            ("isQuirky", page.is_quirky.into()),
        ])
    }

    /// Empties the frame.
    pub fn clear(&mut self) {
        self.stage.clear();
    }
}
