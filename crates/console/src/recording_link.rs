//! The console's side of the port to a viewer that shows a recording: it is told what there is, asks for bytes, and gets
//! them.

use browser::json;
use browser::object::{field, object, text_field};
use js_sys::{Array, ArrayBuffer};
use protocol::id::RecordingId;
use protocol::recording::RecordingDetail;
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::HtmlIFrameElement;
use yew::Callback;

use crate::viewer_link::ViewerLink;

#[derive(Serialize)]
struct RecordingStart<'a> {
    r#type: &'static str,
    recording_id: &'a RecordingId,
    score: &'a RecordingDetail,
}

/// The open line to one viewer; dropping it tells the viewer to let go.
pub(crate) struct RecordingLink(ViewerLink);

impl RecordingLink {
    /// Waits for the viewer's page in this frame and has it show a recording. `on_wanted` hears from which byte on it
    /// wants more.
    pub(crate) fn open(frame: HtmlIFrameElement, detail: &RecordingDetail, on_wanted: Callback<u64>) -> Self {
        let start = RecordingStart {
            r#type: "recording_start",
            recording_id: &detail.recording.recording_id,
            score: detail,
        };
        let focused = frame.clone();
        let on_message =
            Callback::from(move |message: JsValue| match text_field(&message, "type").as_deref() {
                Some("fetch") => {
                    if let Some(from) = field(&message, "from").as_f64() {
                        on_wanted.emit(from as u64);
                    }
                }
                // The keys of the player work from the first moment on.
                Some("ready") => drop(focused.focus()),
                _ => {}
            });
        Self(ViewerLink::open_with(frame, json::to_value(&start), on_message))
    }

    /// Hands bytes over, which begin at `from`.
    pub(crate) fn give(&self, from: u64, bytes: &ArrayBuffer) {
        let message =
            object(&[("type", "bytes".into()), ("from", (from as f64).into()), ("bytes", bytes.into())]);
        self.0.post(&message, &Array::of1(bytes));
    }
}
