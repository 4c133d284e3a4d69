//! Shows what form fields hold: bullets for what is masked, a locked look for what is secret.

use cobrowse::masking::{BULLET, FieldValue};
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Element, Node};

use crate::dom::as_element;

/// More characters than a field can show; the rest of a long text is not drawn.
const BULLETS_MAX: u32 = 10_000;
/// Inputs that show any text; others are shown as these when they are masked.
const TEXT_TYPES: [&str; 6] = ["", "text", "search", "url", "tel", "password"];

/// The attribute of a box or option of which nobody tells whether it is chosen.
const HIDDEN: &str = "data-tandem-hidden";

/// Makes a field show `value`.
pub(crate) fn show(field: &Node, tag: &str, value: &FieldValue) {
    let Some(element) = as_element(field) else { return };
    if *value != FieldValue::ChosenHidden && element.has_attribute(HIDDEN) {
        // It was a box whose choice was hidden, and is another field now.
        let _ = element.remove_attribute(HIDDEN);
        set(field, "indeterminate", &false.into());
    }
    match value {
        FieldValue::Shown(text) => set(field, "value", &text.as_ref().into()),
        FieldValue::Masked { units } => {
            become_text(element, tag);
            let bullets: String = std::iter::repeat_n(BULLET, (*units).min(BULLETS_MAX) as usize).collect();
            set(field, "value", &bullets.into());
        }
        FieldValue::Secret => {
            let _ = element.set_attribute("data-tandem-secret", "");
            set(field, "value", &"".into());
        }
        FieldValue::Chosen(is_chosen) => {
            let name = if tag == "option" { "selected" } else { "checked" };
            set(field, name, &(*is_chosen).into());
        }
        FieldValue::ChosenHidden => {
            if tag != "option" {
                set(field, "indeterminate", &true.into());
                let _ = element.set_attribute(HIDDEN, "");
            }
        }
    }
}

/// A date or number field refuses bullets, so a masked one is drawn as a text field.
fn become_text(element: &Element, tag: &str) {
    let shown_type = element.get_attribute("type").unwrap_or_default().to_ascii_lowercase();
    if tag == "input" && !TEXT_TYPES.contains(&shown_type.as_str()) {
        let _ = element.set_attribute("type", "text");
    }
}

fn set(field: &Node, name: &str, value: &JsValue) {
    // A field that refuses a value keeps showing the one before.
    let _ = Reflect::set(field, &name.into(), value);
}
