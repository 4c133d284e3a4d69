//! The storage of this page's own origin. It may be blocked or full; then nothing is kept and nothing fails.

use web_sys::Storage;

use crate::page::window;

/// Returns what is stored under the key.
#[must_use]
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Stores a text under the key.
pub fn write(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}

/// Removes what is stored under the key.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Returns the keys that start so, in no particular order, without that start.
#[must_use]
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    let names = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    names.filter_map(|name| name.strip_prefix(prefix).map(str::to_owned)).collect()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
