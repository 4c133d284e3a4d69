//! Which element is under the visitor's pointer, so that menus that open on hover are seen open.

import { listen } from './listen.js';
import * as Op from './op.js';

export class HoverSignal {
  /** @type {any} */
  #over = null;
  #told = 0;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** A closed shadow root tells the element inside after its document has told the host. @param {any} root @param {AbortSignal} signal */
  listen(root, signal) {
    const onPointer = (/** @type {PointerEvent} */ event) => {
      if (!event.isTrusted || event.pointerType === 'touch') return;
      const isOver = event.type === 'pointerover';
      if (!isOver && event.relatedTarget) return;
      this.#over = isOver ? event.composedPath()[0] : null;
      if (this.#id() !== this.#told) this.reader.mutations.recheck();
    };
    listen(root, 'pointerover pointerout', onPointer, signal);
  }

  restart() {
    this.#told = 0;
  }

  flush() {
    const id = this.#id();
    if (id === this.#told) return;
    this.#told = id;
    this.reader.batch.put(Op.hover, id);
  }

  /** The innermost element under the pointer that is on the wire. */
  #id() {
    const { tree } = this.reader;
    let node = this.#over;
    while (node && !tree.id(node)) node = tree.parent(node);
    return node ? tree.id(node) : 0;
  }
}
