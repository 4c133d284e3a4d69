//! JSON as a plain value. Reading types out of it by hand costs a module far fewer bytes than `json`'s derived
//! readers, which are compiled anew for every type; the widget, which visitors wait for, uses this one.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What `JSON.parse` gives.
#[derive(Debug, Default, Clone, PartialEq)]
pub enum Value {
    /// `null`, and whatever JSON has no word for.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in the order of its fields.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Reads JSON text; `None` when it is not JSON.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        js_sys::JSON::parse(text).ok().map(|value| Self::from_js(&value))
    }

    /// Writes JSON text.
    #[must_use]
    pub fn stringify(&self) -> String {
        js_sys::JSON::stringify(&self.to_js()).map(String::from).unwrap_or_default()
    }

    /// Reads a plain JavaScript value, without cycles.
    #[must_use]
    pub fn from_js(value: &JsValue) -> Self {
        if let Some(text) = value.as_string() {
            return Self::Text(text);
        }
        if let Some(number) = value.as_f64() {
            return Self::Number(number);
        }
        if let Some(is_true) = value.as_bool() {
            return Self::Bool(is_true);
        }
        if let Some(list) = value.dyn_ref::<Array>() {
            return Self::List(list.iter().map(|item| Self::from_js(&item)).collect());
        }
        if !value.is_object() {
            return Self::Null;
        }
        let entries = Object::entries(value.unchecked_ref());
        let read = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            (entry.get(0).as_string().unwrap_or_default(), Self::from_js(&entry.get(1)))
        };
        Self::Object(entries.iter().map(read).collect())
    }

    /// Gives the plain JavaScript value.
    #[must_use]
    pub fn to_js(&self) -> JsValue {
        match self {
            Self::Null => JsValue::NULL,
            Self::Bool(is_true) => JsValue::from_bool(*is_true),
            Self::Number(number) => JsValue::from_f64(*number),
            Self::Text(text) => JsValue::from_str(text),
            Self::List(items) => items.iter().map(Self::to_js).collect::<Array>().into(),
            Self::Object(fields) => {
                let object = Object::new();
                for (name, value) in fields {
                    // A plain object takes every field.
                    let _ = Reflect::set(&object, &JsValue::from_str(name), &value.to_js());
                }
                object.into()
            }
        }
    }

    /// Returns a field of an object; `Null` when there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &Self {
        match self {
            Self::Object(fields) => {
                fields.iter().find(|(field, _)| field == name).map_or(&Self::Null, |(_, value)| value)
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => &Self::Null,
        }
    }

    /// Returns the text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Object(_) => None,
        }
    }
}
