//! What the visitor has selected, as places in the tree: never the text, which is masked where it stands.

import { listen } from './listen.js';
import * as native from './native.js';
import * as Op from './op.js';

export class SelectionSignal {
  #isDirty = true;
  #told = '';

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** @param {AbortSignal} signal */
  start(signal) {
    const onChange = () => {
      this.#isDirty = true;
      this.reader.mutations.schedule();
    };
    listen(this.reader.document, 'selectionchange', onChange, signal);
  }

  restart() {
    this.#told = '';
    this.#isDirty = true;
  }

  flush() {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const places = this.#places();
    if (places.join() === this.#told || (!this.#told && !places[0])) return;
    this.#told = places.join();
    this.reader.batch.put(Op.selection, ...places);
  }

  #places() {
    const selection = window.getSelection();
    const range = selection?.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    if (!range) return [0, 0, 0, 0];
    const places = [...this.#place(range.startContainer, range.startOffset), ...this.#place(range.endContainer, range.endOffset)];
    return places[0] && places[2] ? places : [0, 0, 0, 0];
  }

  /** @param {any} node @param {number} offset */
  #place(node, offset) {
    const { tree } = this.reader;
    const id = tree.id(node);
    if (native.nodeType(node) === 3) return [id, offset];
    let counted = 0;
    for (let child = native.firstChild(node), at = 0; child && at < offset; child = native.nextSibling(child), at++) {
      if (tree.id(child)) counted++;
    }
    return [id, counted];
  }
}
