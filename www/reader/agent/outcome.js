//! What came of an agent's action; the Rust side has the same in `crates/cobrowse/src/control.rs`.

export const done = 0;
export const gone = 1;
export const hidden = 2;
export const covered = 3;
export const masked = 4;
export const forbidden = 5;
export const notGranted = 6;
export const visitorActive = 7;
export const native = 8;
export const notEditable = 9;
