//! A line that a script holds, because only a script can import a module: it is loaded when it is needed.

use browser::Value;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

use super::Tools;

#[wasm_bindgen]
extern "C" {
    /// What stands for a socket where none gets through.
    #[wasm_bindgen(method)]
    fn poll(this: &Tools, url: &str, hear: &JsValue) -> JsLine;

    /// The channel and the lock of the tabs.
    #[wasm_bindgen(method)]
    fn tabs(this: &Tools, name: &str, hear: &JsValue) -> JsLine;

    /// The menu of the chat.
    #[wasm_bindgen(method)]
    fn menu(this: &Tools, hear: &JsValue) -> JsLine;

    type JsLine;

    #[wasm_bindgen(method)]
    fn send(this: &JsLine, message: &JsValue);

    #[wasm_bindgen(method)]
    fn close(this: &JsLine);
}

/// A line that is closed, and silent, when it is dropped.
pub(super) struct Line {
    line: JsLine,
    _hear: Closure<dyn Fn(JsValue)>,
}

impl Line {
    /// Polls at an address. Hears `type` `opened`, `frame` with a `frame`, `closed` with a `code`; takes texts.
    pub(super) fn poll(tools: &Tools, url: &str, hear: impl Fn(Value) + 'static) -> Self {
        Self::open(hear, |hear| tools.poll(url, hear))
    }

    /// Meets the other tabs under a name. Hears `type` `leads`, `follows`, `failed`, or what another tab says.
    pub(super) fn tabs(tools: &Tools, name: &str, hear: impl Fn(Value) + 'static) -> Self {
        Self::open(hear, |hear| tools.tabs(name, hear))
    }

    /// Opens the menu. Hears `type` `offer` with `offer_id` and `is_recorded`, or without for none, `begin` with a `text`, `failed`; takes where
    /// things stand.
    pub(super) fn menu(tools: &Tools, hear: impl Fn(Value) + 'static) -> Self {
        Self::open(hear, |hear| tools.menu(hear))
    }

    fn open(hear: impl Fn(Value) + 'static, begin: impl FnOnce(&JsValue) -> JsLine) -> Self {
        let hear = Closure::<dyn Fn(JsValue)>::new(move |message| hear(Value::from_js(&message)));
        Self { line: begin(hear.as_ref()), _hear: hear }
    }

    pub(super) fn say(&self, message: &JsValue) {
        self.line.send(message);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.line.close();
    }
}
