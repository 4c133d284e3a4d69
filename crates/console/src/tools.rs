//! What `boot.js` does for the console, because there it takes a few lines: keeping and sending the bytes of files.

use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::Blob;

#[wasm_bindgen]
extern "C" {
    /// The tools of this page.
    #[derive(Clone, PartialEq)]
    pub type Tools;

    /// Gives the files of one agent.
    #[wasm_bindgen(method)]
    pub(crate) fn files(this: &Tools, agent_id: &str) -> Files;

    /// The files of one agent.
    #[derive(Clone, PartialEq)]
    pub(crate) type Files;

    /// Keeps the bytes until they are forgotten; they can be sent at once.
    #[wasm_bindgen(method)]
    pub(crate) fn keep(this: &Files, file_id: &str, blob: &Blob);

    /// Sends the file, going on where an earlier try was cut. Gives the server's name for it, or fails with
    /// `detail` and `isFinal`.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn send(
        this: &Files,
        file_id: &str,
        name: &str,
        media_type: &str,
        on_progress: &Closure<dyn Fn(f64)>,
    ) -> Result<JsValue, JsValue>;

    /// Lets go of the bytes.
    #[wasm_bindgen(method)]
    pub(crate) async fn forget(this: &Files, file_id: &str);

    /// Lets go of what none of these names.
    #[wasm_bindgen(method, js_name = forgetAllBut)]
    pub(crate) async fn forget_all_but(this: &Files, named: Vec<String>);
}
