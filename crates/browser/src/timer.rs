//! One timeout. There are no intervals: a machine's deadline says when to look again.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::page::window;

/// The longest time `setTimeout` counts (a signed 32-bit number); more would fire at once.
const DELAY_MS_MAX: i64 = 0x7fff_ffff;

/// A timeout that is called off when it is dropped.
pub struct Timer {
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls once after `delay_ms`; a negative delay counts as none, and one above 24 days ends early.
    #[must_use]
    pub fn after_ms(delay_ms: i64, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let delay_ms = i32::try_from(delay_ms.clamp(0, DELAY_MS_MAX)).unwrap_or(i32::MAX);
        // `setTimeout` with a function has no way to fail.
        let handle = window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                delay_ms,
            )
            .unwrap_or_default();
        Self { handle, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        window().clear_timeout_with_handle(self.handle);
    }
}
