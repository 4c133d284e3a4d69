//! What the visitor has given an agent on this very page. The server keeps the same; an action has to pass both.

use browser::object::{field, text_field};
use cobrowse::control::{Scope, Scopes};
use cobrowse::limit;
use wasm_bindgen::JsValue;

/// What is given here, and until when.
#[derive(Debug, Default)]
pub(crate) struct Grant {
    scopes: Scopes,
    until_ms: u64,
    /// To whom, as the server says.
    agent_name: String,
}

impl Grant {
    /// The visitor has answered in this frame.
    pub(crate) fn answer(&mut self, scopes: &[String], now_ms: u64) {
        let scopes: Scopes = scopes.iter().filter_map(|name| scope_of(name)).collect();
        if !scopes.is_empty() {
            *self = Self { scopes, until_ms: now_ms + limit::GRANT_MS, agent_name: String::new() };
        }
    }

    /// The server says where control stands. A question that still stands there is one whose answer is on its way.
    pub(crate) fn handle_standing(&mut self, message: &JsValue) {
        let given = field(message, "given");
        if given.is_object() {
            self.agent_name = text_field(&given, "agent").unwrap_or_default();
        } else if !field(message, "asked").is_object() {
            *self = Self::default();
        }
    }

    /// The name of whoever may act; empty as long as the server has not said it.
    pub(crate) fn agent_name(&self) -> &str {
        &self.agent_name
    }

    /// Whether an agent may act on the page.
    pub(crate) fn is_given(&self, now_ms: u64) -> bool {
        !self.scopes.is_empty() && now_ms < self.until_ms
    }

    /// Whether an action of this scope may be carried out.
    pub(crate) fn allows(&self, scope: Scope, now_ms: u64) -> bool {
        self.is_given(now_ms) && self.scopes.contains(scope)
    }
}

fn scope_of(name: &str) -> Option<Scope> {
    match name {
        "scroll" => Some(Scope::Scroll),
        "click" => Some(Scope::Click),
        "type" => Some(Scope::Type),
        "navigate" => Some(Scope::Navigate),
        _ => None,
    }
}
