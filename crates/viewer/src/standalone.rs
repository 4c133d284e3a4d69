//! The stage without socket, for the SDK: frames in, a page in an iframe.

use cobrowse::replica::Replica;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};
use web_sys::HtmlIFrameElement;

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
        let stage =
            Stage::new(frame).ok_or_else(|| JsError::new("the iframe's document cannot be reached"))?;
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

    /// Empties the frame.
    pub fn clear(&mut self) {
        self.stage.clear();
    }
}
