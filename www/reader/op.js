//! Numbers of the operations in a batch; the Rust side has the same in `crates/cobrowse/src/op.rs` and `intake.rs`.

export const document = 1;
export const place = 2;
export const remove = 3;
export const detach = 4;
export const attribute = 5;
export const noAttribute = 6;
export const text = 7;
export const field = 9;
export const scroll = 10;
export const viewport = 11;
export const ownedSheet = 12;
export const adoptedSheet = 13;
export const adoptedCount = 14;
export const focus = 15;
export const address = 16;
export const pause = 17;
export const hover = 18;
export const selection = 19;
export const asset = 20;
export const picture = 21;
export const layer = 22;
export const media = 23;
export const done = 60;
export const pointer = 61;
