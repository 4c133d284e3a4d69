//! Notices calls of the page's own methods until the session ends, when each is put back.

import * as native from './native.js';

/**
 * @param {any} prototype @param {string} name @param {AbortSignal} signal
 * @param {(owner: any, result: any) => void} after called with what the method was called on and what it gave
 */
export function afterCall(prototype, name, signal, after) {
  const original = prototype[name];
  /** @this {any} @param {...any} rest */
  const noticed = function (...rest) {
    const result = original.apply(this, rest);
    // Whoever took this function keeps it after the session.
    if (!signal.aborted) after(this, result);
    return result;
  };
  prototype[name] = noticed;
  native.listenTo(signal, 'abort', () => {
    if (prototype[name] === noticed) prototype[name] = original;
  });
}
