//! A batch of the reader as it comes out of a message.

use cobrowse::Batch;
use js_sys::{Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

use browser::object::field;

/// The buffers of one batch, copied out of JavaScript.
pub(crate) struct BatchBuffers {
    words: Vec<u32>,
    units: Vec<u32>,
    strings: String,
    forgets_strings: bool,
}

impl BatchBuffers {
    /// Reads the buffers of a message; `None` when it has another shape, which the page's own scripts may cause.
    pub(crate) fn from_message(message: &JsValue) -> Option<Self> {
        let words = field(message, "words").dyn_into::<Uint32Array>().ok()?;
        let units = field(message, "units").dyn_into::<Uint32Array>().ok()?;
        let strings = field(message, "strings").dyn_into::<Uint8Array>().ok()?;
        Some(Self {
            words: words.to_vec(),
            units: units.to_vec(),
            strings: String::from_utf8(strings.to_vec()).ok()?,
            forgets_strings: field(message, "fresh").is_truthy(),
        })
    }

    /// Returns the batch as the recorder takes it.
    pub(crate) fn as_batch(&self) -> Batch<'_> {
        Batch {
            words: &self.words,
            string_units: &self.units,
            strings: &self.strings,
            forgets_strings: self.forgets_strings,
        }
    }
}
