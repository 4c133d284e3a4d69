//! The reader's entry: imported into the visitor's page once sharing was agreed to, it speaks with the recorder in
//! Tandem's frame through one message port.

import { Reader } from './reader.js';

/**
 * Begins to read the page and to send it through `port`.
 * @param {MessagePort} port @param {import('./policy.js').PolicyConfig} config @returns {{stop: () => void}}
 */
export function start(port, config) {
  /** @type {Promise<import('./overlay.js').Overlay | undefined> | undefined} */
  let overlay;
  const ends = new AbortController();
  const reader = new Reader(document, config, ({ words, units, strings, fresh }) => {
    const buffers = [words.buffer, units.buffer, strings.buffer];
    port.postMessage({ type: 'batch', words, units, strings, fresh }, /** @type {ArrayBuffer[]} */ (buffers));
  });
  const stop = () => {
    if (reader.isStopped) return;
    reader.stop();
    overlay?.then((shown) => shown?.remove());
    ends.abort();
    port.close();
  };
  port.onmessage = ({ data }) => {
    if (data.type === 'pointer') {
      overlay ??= loadOverlay();
      overlay.then((shown) => reader.isStopped || shown?.point(data.x, data.y, data.phase, data.name));
    }
    else if (data.type === 'read') reader.readAgain();
    else if (data.type === 'stop') stop();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' && event.isTrusted) port.postMessage({ type: 'escape' });
  };
  window.addEventListener('keydown', onKey, { capture: true, signal: ends.signal });
  reader.start();
  return { stop };
}

/** Many sessions never see a pointer, so what shows it comes with the first one. */
function loadOverlay() {
  const module = import(new URL('reader-overlay.js', import.meta.url).href);
  // Without it the session goes on as before.
  return module.then(({ Overlay }) => new Overlay()).catch(() => undefined);
}
