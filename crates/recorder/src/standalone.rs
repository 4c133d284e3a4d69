//! The recorder without port and socket, for the SDK: batches in, frames out to a function.

use browser::clock::now_unix_ms;
use cobrowse::recorder::{Output, Recorder};
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::batch::BatchBuffers;

/// A recorder whose frames go to a function instead of a socket.
#[wasm_bindgen]
pub struct FrameRecorder {
    recorder: Recorder,
    on_frame: Function,
}

#[wasm_bindgen]
impl FrameRecorder {
    /// Returns a recorder that hands every frame to `on_frame` as a `Uint8Array`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(on_frame: Function) -> Self {
        let mut recorder = Recorder::new();
        recorder.handle_link_up(now_ms());
        let mut this = Self { recorder, on_frame };
        this.drain();
        this
    }

    /// Takes a batch of the reader. Answers whether the page has to be read again, as the batches do not fit.
    #[wasm_bindgen(js_name = handleBatch)]
    pub fn handle_batch(&mut self, message: &JsValue) -> bool {
        let Some(buffers) = BatchBuffers::from_message(message) else { return true };
        self.recorder.handle_batch(buffers.as_batch(), now_ms());
        self.drain()
    }

    /// Hands over a keyframe of the page as it stands, without reading the page.
    pub fn keyframe(&mut self) {
        self.recorder.handle_keyframe_wish(now_ms());
        self.drain();
    }

    fn drain(&mut self) -> bool {
        let mut has_to_read = false;
        while let Some(output) = self.recorder.poll_output() {
            match output {
                Output::Frame(frame) => {
                    // A failure of the caller's own function is the caller's to notice.
                    let _ = self.on_frame.call1(&JsValue::NULL, &Uint8Array::from(frame.as_slice()));
                }
                Output::ReadPage => has_to_read = true,
                Output::Failed(_) => {}
            }
        }
        has_to_read
    }
}

pub(crate) fn now_ms() -> u64 {
    u64::try_from(now_unix_ms()).unwrap_or(0)
}
