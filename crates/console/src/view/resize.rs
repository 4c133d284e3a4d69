//! Hears when an element becomes larger or smaller.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::Callback;

/// Hears of an element's size until it is dropped.
pub(crate) struct ResizeWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn Fn()>,
}

impl ResizeWatch {
    /// Calls after each change of size, and once at the beginning; none where the browser cannot tell.
    pub(crate) fn new(element: &Element, on_resize: Callback<()>) -> Option<Self> {
        let callback = Closure::<dyn Fn()>::new(move || on_resize.emit(()));
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for ResizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
