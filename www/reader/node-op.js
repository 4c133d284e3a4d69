//! Words that begin a node inside a run of placed ones; the Rust side has the same in `crates/cobrowse/src/intake.rs`.

export const end = 0;
export const element = 1;
export const text = 2;
export const doctype = 3;
export const shadowRoot = 4;
export const frameDocument = 5;
export const moved = 6;
export const maskedText = 7;
/** Added to `element` when its children follow. */
export const hasChildren = 0x40;
