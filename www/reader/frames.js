//! Frames of the same origin: when another document has loaded in one, the frame is read anew.

import { listen } from './listen.js';
import * as native from './native.js';

export class FrameSignal {
  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** @param {Document | ShadowRoot} root @param {AbortSignal} signal */
  listen(root, signal) {
    listen(root, 'load', ({ target }) => this.#look(target), signal);
    // What has loaded before anybody listened.
    for (const frame of native.queryAll(root, 'iframe')) this.#look(frame);
  }

  /** @param {any} target */
  #look(target) {
    if (native.nodeType(target) !== 1 || native.localName(target) !== 'iframe') return;
    const { tree, mutations } = this.reader;
    if (tree.id(target) && tree.frames.get(target) !== (native.frameDocument(target) ?? undefined)) mutations.readAnew(target);
  }
}
