//! Whether videos and audios play, and where they stand. The sound and the moving picture stay with the visitor.

import * as native from './native.js';
import * as Op from './op.js';
import { BLOCKED } from './policy.js';

export class MediaSignal {
  /** What the wire says of each. @type {Map<any, string>} */
  #told = new Map();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** Takes a video or audio into view; answers whether it is new. @param {any} element */
  found(element) {
    const isMedia = native.nodeType(element) === 1 && /^(?:video|audio)$/.test(native.localName(element));
    // What is not on the wire, as in a blocked element, is not looked for time and again.
    if (!isMedia || !this.reader.tree.id(element) || this.#told.has(element)) return false;
    this.#told.set(element, '');
    return true;
  }

  restart() {
    for (const element of this.#told.keys()) this.#told.set(element, '');
  }

  flush() {
    const { batch, tree, policy } = this.reader;
    for (const [element, told] of this.#told) {
      const id = tree.id(element);
      if (!id) {
        this.#told.delete(element);
        continue;
      }
      if (policy.hidesText(tree.flags(element)) || tree.flags(element) & BLOCKED) continue;
      const state = [id, element.paused ? 1 : 0, Math.floor(element.currentTime) || 0];
      if (state.join() === told) continue;
      this.#told.set(element, state.join());
      batch.put(Op.media, ...state);
    }
  }
}
