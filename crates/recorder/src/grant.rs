//! What the visitor has given an agent on this very page. The server keeps the same; an action has to pass both.

use browser::object::field;
use cobrowse::control::{Scope, Scopes};
use cobrowse::limit;
use wasm_bindgen::JsValue;

/// What is given here, and until when.
#[derive(Debug, Default)]
pub(crate) struct Grant {
    scopes: Scopes,
    until_ms: u64,
    /// Whether the server has said so too: from then on its word ends it.
    is_confirmed: bool,
}

impl Grant {
    /// The visitor has answered in this frame.
    pub(crate) fn answer(&mut self, scopes: &[String], now_ms: u64) {
        let scopes: Scopes = scopes.iter().filter_map(|name| scope_of(name)).collect();
        if !scopes.is_empty() {
            *self = Self { scopes, until_ms: now_ms + limit::GRANT_MS, is_confirmed: false };
        }
    }

    /// The server says where control stands.
    pub(crate) fn handle_standing(&mut self, message: &JsValue, now_ms: u64) {
        let is_given = field(message, "given").is_object();
        if is_given {
            self.is_confirmed = true;
        } else if self.is_confirmed || !self.is_given(now_ms) {
            *self = Self::default();
        }
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
