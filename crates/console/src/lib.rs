//! The agents' app: log-in, inbox, thread, customer and co-browsing.
//!
//! `state` holds values and rules without a browser, `tasks` asks the server, `shell` feeds the chat machine, and
//! `view` draws. A component never talks to the server by itself: it sends an `Action` up to the workspace.

mod app;
mod recording_link;
mod shell;
mod state;
mod tasks;
mod texts;
mod tools;
mod view;
mod viewer_link;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::{App, Props};
pub use crate::tools::Tools;

/// Draws the console into the element `#app` of this page.
///
/// # Panics
/// On a page without that element.
#[wasm_bindgen]
pub fn run(tools: Tools) {
    let root = browser::page::document().get_element_by_id("app").expect("the console's page has #app");
    root.set_text_content(None);
    yew::Renderer::<App>::with_root_and_props(root, Props { tools }).render();
}
