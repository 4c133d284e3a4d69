//! Draws what the chat says. Components get values and callbacks as properties; only `app` knows the shell.

mod app;
mod banner;
mod button;
mod composer;
mod files;
mod footer;
mod header;
mod icon;
mod log;
mod message;
mod status;
mod survey;

use std::rc::Rc;

use ui::Texts;

use crate::shell::Shell;

/// Draws the chat into the frame's body from now on.
pub(crate) fn mount(shell: Rc<Shell>, texts: Texts) {
    let root = browser::page::document().get_element_by_id("chat");
    if let Some(root) = root {
        let props = app::Props { shell: app::Handle(shell), texts: Rc::new(texts) };
        yew::Renderer::<app::App>::with_root_and_props(root, props).render();
    }
}
