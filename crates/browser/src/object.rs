//! Plain JavaScript objects, read and written field by field: no JSON parser ships for a handful of names.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// Returns the field of a plain object; undefined when there is none.
#[must_use]
pub fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Returns the field as text, when it is text.
#[must_use]
pub fn text_field(object: &JsValue, name: &str) -> Option<String> {
    field(object, name).as_string()
}

/// Returns a plain object of these fields.
#[must_use]
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object has no way to fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}
