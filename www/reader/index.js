//! The reader's entry: imported into the visitor's page once sharing was agreed to, it speaks with the recorder in
//! Tandem's frame through one message port.

import { Reader } from './reader.js';

const COPIED_MAX = 999;

/**
 * Begins to read the page and to send it through `port`.
 * @param {MessagePort} port @param {import('./policy.js').PolicyConfig} config @returns {{stop: () => void}}
 */
export function start(port, config) {
  /** @type {Promise<import('./agent/index.js').AgentSide | undefined> | undefined} */
  let agent;
  const ends = new AbortController();
  const reader = new Reader(document, config, ({ words, units, strings, fresh }) => {
    // To copy a few words and letters costs less than to hand them over.
    const buffers = words.length + strings.length < COPIED_MAX ? [] : [words.buffer, units.buffer, strings.buffer];
    port.postMessage({ type: 'batch', words, units, strings, fresh }, /** @type {ArrayBuffer[]} */ (buffers));
  });
  const stop = () => {
    if (reader.isStopped) return;
    reader.stop();
    agent?.then((side) => side?.stop());
    ends.abort();
    port.close();
  };
  port.onmessage = ({ data }) => {
    if (data.type === 'read') reader.readAgain();
    else if (data.type === 'stop') stop();
    else if (data.type === 'missing') reader.missing(data.address);
    else {
      agent ??= loadAgent(reader, port);
      agent.then((side) => reader.isStopped || side?.handle(data));
    }
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape' && event.isTrusted) port.postMessage({ type: 'escape' });
  };
  window.addEventListener('keydown', onKey, { capture: true, signal: ends.signal });
  reader.start();
  part('aspects').then(({ Aspects }) => reader.isStopped || reader.add(Aspects)).catch(() => undefined);
  return { stop };
}

/**
 * Many sessions never see an agent's pointer, so what shows it and acts on the page comes with the first word of one.
 * @param {Reader} reader @param {MessagePort} port
 */
function loadAgent(reader, port) {
  return part('agent').then(({ AgentSide }) => new AgentSide(reader, port)).catch(() => undefined);
}

/** Imports what the reader can do without; when it does not come, the session goes on as before. @param {string} name */
function part(name) {
  return import(new URL(`reader-${name}.js`, import.meta.url).href);
}
