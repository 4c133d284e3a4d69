//! Listening to the page's events without holding them up, until the session ends.

import * as native from './native.js';

/**
 * @param {EventTarget} target @param {string} types separated by spaces
 * @param {(event: any) => void} handler @param {AbortSignal} signal
 */
export function listen(target, types, handler, signal) {
  for (const type of types.split(' ')) native.listenTo(target, type, handler, { capture: true, passive: true, signal });
}
