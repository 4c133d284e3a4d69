//! The visitor's chat, running in Tandem's own frame. `shell` carries wishes of the pure machines out into the
//! world, `view` draws what they say; neither decides.

mod init;
mod memory;
mod page_port;
mod shell;
mod view;
mod visits;
mod wire;

use browser::Value;
use ui::Texts;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessagePort;

use crate::init::Init;
use crate::shell::{Shell, Tools};
use crate::wire::Read;

/// Starts the chat: `init` is what the page's side tells first, `texts` the JSON text of one language.
///
/// # Errors
/// When `init` or `texts` have another shape than this build reads.
#[wasm_bindgen]
pub fn start(
    port: MessagePort,
    init: JsValue,
    locale: &str,
    texts: &str,
    tools: Tools,
) -> Result<(), JsValue> {
    let init = Init::read(&Value::from_js(&init)).ok_or("the page's first message cannot be read")?;
    let texts = Value::parse(texts).and_then(|texts| Texts::read(locale, &texts));
    let texts = texts.ok_or("the texts cannot be read")?;
    let shell = Shell::new(init, port, tools);
    view::mount(shell.clone(), texts);
    shell.start();
    Ok(())
}
