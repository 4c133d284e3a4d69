//! Listening to the page's events without holding them up, until the session ends.

/**
 * @param {EventTarget} target @param {string} types separated by spaces
 * @param {(event: any) => void} handler @param {AbortSignal} signal
 */
export function listen(target, types, handler, signal) {
  for (const type of types.split(' ')) target.addEventListener(type, handler, { capture: true, passive: true, signal });
}
