//! Whether videos and audios play, and where they stand. The sound and the moving picture stay with the visitor.

import * as native from './native.js';
import * as Op from './op.js';

export class MediaSignal {
  /** What the wire says of each. @type {Map<any, string>} */
  #told = new Map();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** Takes a video or audio into view; answers whether it is new. @param {any} element */
  found(element) {
    if (!/^(?:video|audio)$/.test(native.localName(element)) || this.#told.has(element)) return false;
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
      if (policy.hidesText(tree.flags(element))) continue;
      const state = [id, element.paused ? 1 : 0, Math.floor(element.currentTime) || 0];
      if (state.join() === told) continue;
      this.#told.set(element, state.join());
      batch.put(Op.media, ...state);
    }
  }
}
