//! Keys that work anywhere in the console, and where they move the focus.

use browser::{Listener, page};
use protocol::agent::is_open;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::{Callback, Context};

use super::Workspace;
use crate::state::action::{Action, Request};
use crate::state::keys::{KeyCommand, Place, command};
use crate::view::inbox_row::element_id;
use crate::view::steps::elements;
use crate::view::{composer, modal};

/// Hears every key that no component has taken for itself.
pub(super) fn listen(on_key: Callback<KeyboardEvent>) -> Listener {
    Listener::new(&page::document(), "keydown", move |event| {
        if let Ok(event) = event.dyn_into::<KeyboardEvent>()
            && !event.default_prevented()
            && !(event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing())
        {
            on_key.emit(event);
        }
    })
}

impl Workspace {
    pub(super) fn press(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) {
        // A dialog has its own Esc, and nothing behind it can be reached.
        if modal::is_any_open() {
            return;
        }
        let Some(command) = command(&event.key(), place_of(event)) else { return };
        event.prevent_default();
        match command {
            KeyCommand::Next => self.focus_neighbour(1),
            KeyCommand::Previous => self.focus_neighbour(-1),
            KeyCommand::Reply => composer::focus(),
            KeyCommand::ToList => self.focus_chosen(),
            KeyCommand::Leave => self.act(ctx, Action::Leave),
            KeyCommand::Take => self.take_shown(ctx),
            KeyCommand::Assign => self.is_assigning = self.shown().is_some_and(|it| is_open(it.head.status)),
            KeyCommand::View(view) => self.act(ctx, Action::ShowView(view)),
            KeyCommand::Code => self.act(ctx, Action::ShowCode(true)),
            KeyCommand::Help => self.act(ctx, Action::ToggleKeys),
        }
    }

    /// Takes the conversation that is shown, unless it is the agent's own or closed.
    fn take_shown(&mut self, ctx: &Context<Self>) {
        let Some(head) = self.shown().map(|summary| summary.head) else { return };
        let only_if = head.assignee.map(|agent| agent.agent_id);
        if is_open(head.status) && only_if.as_ref() != Some(&self.me) {
            self.act(ctx, Action::Ask(Request::Take { conversation_id: head.conversation_id, only_if }));
        }
    }

    /// Moves the focus from the row that has it, else from the one that is chosen.
    fn focus_neighbour(&self, step: i32) {
        let rows = row_elements();
        let focused = page::document().active_element();
        let chosen = self.chosen_row();
        let position = |wanted: Option<Element>| rows.iter().position(|row| Some(row) == wanted.as_ref());
        let target = match (position(focused), position(chosen)) {
            (Some(at), _) => i32::try_from(at).unwrap_or_default() + step,
            (None, Some(at)) => i32::try_from(at).unwrap_or_default() + step,
            (None, None) => 0,
        };
        let target = usize::try_from(target).unwrap_or_default().min(rows.len().saturating_sub(1));
        if let Some(row) = rows.get(target) {
            focus(row);
        }
    }

    fn focus_chosen(&self) {
        let first = || row_elements().into_iter().next();
        if let Some(row) = self.chosen_row().or_else(first) {
            focus(&row);
        }
    }

    fn chosen_row(&self) -> Option<Element> {
        let conversation_id = self.chosen.as_ref()?;
        page::document().get_element_by_id(&element_id(conversation_id.as_str()))
    }
}

fn row_elements() -> Vec<Element> {
    elements("#inbox-list .row")
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

fn place_of(event: &KeyboardEvent) -> Place {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return Place::List;
    };
    let is_in = |selector: &str| target.closest(selector).is_ok_and(|found| found.is_some());
    if is_in("input, textarea, select") {
        Place::Field
    } else if is_in("#inbox-list") || target.tag_name() == "BODY" {
        Place::List
    } else {
        Place::Elsewhere
    }
}
