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
    const onLoad = (/** @type {any} */ event) => {
      const target = event.target;
      if (native.nodeType(target) !== 1 || native.localName(target) !== 'iframe') return;
      const { tree, mutations } = this.reader;
      if (tree.id(target) && tree.frames.get(target) !== native.frameDocument(target)) mutations.readAnew(target);
    };
    listen(root, 'load', onLoad, signal);
  }
}
