//! JSON to and from our types. `JSON.parse` and `JSON.stringify` do the work, so no parser ships in the wasm.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// Reads JSON text; `None` when it is not JSON or has another shape.
#[must_use]
pub fn from_str<T: DeserializeOwned>(text: &str) -> Option<T> {
    from_value(js_sys::JSON::parse(text).ok()?)
}

/// Reads a plain JavaScript value; `None` when it has another shape.
#[must_use]
pub fn from_value<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}

/// Writes JSON text.
#[must_use]
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> String {
    js_sys::JSON::stringify(&to_value(value)).map(String::from).unwrap_or_default()
}

/// Gives the plain JavaScript value that `JSON.parse` would give: objects, arrays, strings, numbers, null.
///
/// # Panics
/// For a type that JSON has no shape for, such as an integer above 2^53; the wire types hold none.
#[must_use]
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> JsValue {
    value.serialize(&Serializer::json_compatible()).expect("wire types have a JSON shape")
}
