//! Values that the page's scripts set on fields, which no event tells: they are looked at from time to time.

import * as native from './native.js';

const LOOK_EVERY_MS = 300;

/** Looks at the fields until the session ends. @param {import('./fields.js').FieldSignal} fields @param {AbortSignal} signal */
export function watchValues(fields, signal) {
  const timer = window.setInterval(() => fields.look(), LOOK_EVERY_MS);
  native.listenTo(signal, 'abort', () => window.clearInterval(timer));
}
