//! Moving the focus along a list by the arrow keys.

use browser::page;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the one before.
    Back,
    /// To the one after.
    On,
}

/// Moves the focus from the element of the list that has it to the one beside it; from outside the list to its last
/// going back, and to its first going on. Returns whether there was one.
pub(crate) fn focus_neighbour(selector: &str, step: Step) -> bool {
    let all = elements(selector);
    let focused = page::document().active_element();
    let holds = |element: &Element| focused.as_ref().is_some_and(|it| element.contains(Some(it)));
    let target = match (all.iter().position(holds), step) {
        (Some(at), Step::Back) => at.checked_sub(1),
        (Some(at), Step::On) => Some(at + 1),
        (None, Step::Back) => all.len().checked_sub(1),
        (None, Step::On) => Some(0),
    };
    let target = target.and_then(|at| all.get(at)).and_then(|it| it.dyn_ref::<HtmlElement>());
    target.is_some_and(|target| target.focus().is_ok())
}

/// Returns what the selector finds, in the order of the page.
pub(crate) fn elements(selector: &str) -> Vec<Element> {
    let Ok(found) = page::document().query_selector_all(selector) else { return Vec::new() };
    let found = (0..found.length()).filter_map(|index| found.item(index));
    found.filter_map(|node| node.dyn_into().ok()).collect()
}
