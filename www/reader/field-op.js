//! What can be told of a form field; the Rust side has the same in `crates/cobrowse/src/op.rs`.

export const shown = 1;
export const masked = 2;
export const secret = 3;
export const chosen = 4;
export const chosenHidden = 5;
