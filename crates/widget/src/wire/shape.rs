//! Reading and writing of values: for texts, numbers and lists, and what makes a struct or an enum of words one line.

use browser::Value;
use protocol::time::UnixMillis;

/// A type that can be read from a value.
pub(crate) trait Read: Sized {
    /// Returns `None` when the value has another shape.
    fn read(value: &Value) -> Option<Self>;
}

/// A type that can be written as a value.
pub(crate) trait Write {
    fn write(&self) -> Value;
}

/// Reads a field of an object.
pub(crate) fn field<T: Read>(value: &Value, name: &str) -> Option<T> {
    T::read(value.field(name))
}

/// Reads a field of an object that may be left out.
pub(crate) fn field_or_default<T: Read + Default>(value: &Value, name: &str) -> Option<T> {
    Option::<T>::read(value.field(name)).map(Option::unwrap_or_default)
}

/// Makes an object; fields that are null are left out.
pub(crate) fn object(fields: &mut [(&str, Value)]) -> Value {
    let mut present = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        if *value != Value::Null {
            present.push(((*name).to_owned(), std::mem::replace(value, Value::Null)));
        }
    }
    Value::Object(present)
}

/// Makes an object whose field `tag` says which variant it is.
pub(crate) fn tagged(tag: &str, word: &str, fields: &mut [(&str, Value)]) -> Value {
    let mut value = object(fields);
    if let Value::Object(fields) = &mut value {
        fields.insert(0, (tag.to_owned(), Value::Text(word.to_owned())));
    }
    value
}

/// A struct whose fields have the names they have on the wire.
macro_rules! read_struct {
    ($name:ty { $($field:ident),+ $(; $optional:ident)* }) => {
        impl $crate::wire::Read for $name {
            fn read(value: &browser::Value) -> Option<Self> {
                Some(Self {
                    $($field: $crate::wire::field(value, stringify!($field))?,)+
                    $($optional: $crate::wire::field_or_default(value, stringify!($optional))?,)*
                })
            }
        }
    };
}

macro_rules! write_struct {
    ($name:ty { $($field:ident),+ }) => {
        impl $crate::wire::Write for $name {
            fn write(&self) -> browser::Value {
                let Self { $($field),+ } = self;
                $crate::wire::object(&mut [$((stringify!($field), $crate::wire::Write::write($field))),+])
            }
        }
    };
}

/// An enum whose variants are words on the wire.
macro_rules! read_words {
    ($name:ident { $($variant:ident = $word:literal),+ }) => {
        impl $crate::wire::Read for $name {
            fn read(value: &browser::Value) -> Option<Self> {
                match value.as_text()? {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

macro_rules! write_words {
    ($name:ident { $($variant:ident = $word:literal),+ }) => {
        impl $crate::wire::Write for $name {
            fn write(&self) -> browser::Value {
                browser::Value::Text(match self { $(Self::$variant => $word),+ }.to_owned())
            }
        }
    };
}

/// An id: its text.
macro_rules! ids {
    ($($name:ident),+) => {
        $(
            impl $crate::wire::Read for $name {
                fn read(value: &browser::Value) -> Option<Self> {
                    $crate::wire::Read::read(value).map($name)
                }
            }

            impl $crate::wire::Write for $name {
                fn write(&self) -> browser::Value {
                    browser::Value::Text(self.0.clone())
                }
            }
        )+
    };
}

macro_rules! numbers {
    ($($name:ident),+) => {
        $(
            impl Read for $name {
                fn read(value: &Value) -> Option<Self> {
                    match value {
                        Value::Number(number) if *number >= 0.0 && number.fract() == 0.0 => Some(*number as $name),
                        _ => None,
                    }
                }
            }

            impl Write for $name {
                fn write(&self) -> Value {
                    Value::Number(*self as f64)
                }
            }
        )+
    };
}

pub(crate) use {ids, read_struct, read_words, write_struct, write_words};

numbers!(u8, u16, u32, u64, usize);

impl Read for i64 {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(*number as i64),
            Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
        }
    }
}

impl Read for i32 {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).and_then(|number| Self::try_from(number).ok())
    }
}

impl Read for bool {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(is_true) => Some(*is_true),
            Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
        }
    }
}

impl Write for bool {
    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Read for String {
    fn read(value: &Value) -> Option<Self> {
        value.as_text().map(str::to_owned)
    }
}

impl Write for String {
    fn write(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Write for str {
    fn write(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Read for UnixMillis {
    fn read(value: &Value) -> Option<Self> {
        Self::parse_rfc3339(value.as_text()?)
    }
}

impl Write for UnixMillis {
    fn write(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        if *value == Value::Null {
            return Some(None);
        }
        T::read(value).map(Some)
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        let Value::List(items) = value else { return None };
        // A loop is far smaller than an iterator that collects, for every type that is listed somewhere.
        let mut read = Self::new();
        for item in items {
            read.push(T::read(item)?);
        }
        Some(read)
    }
}

impl<T: Write> Write for [T] {
    fn write(&self) -> Value {
        let mut items = Vec::new();
        for item in self {
            items.push(item.write());
        }
        Value::List(items)
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> Value {
        self.as_slice().write()
    }
}
