//! Which element has the focus.

import { listen } from './listen.js';
import * as native from './native.js';
import * as beside from './native-beside.js';
import * as Op from './op.js';

export class FocusSignal {
  #isDirty = true;
  #told = 0;
  /** The element it was told of, which may be read anew. @type {Element | null} */
  #active = null;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** @param {AbortSignal} signal */
  start(signal) {
    const onChange = () => {
      this.#isDirty = true;
      this.reader.mutations.recheck();
    };
    listen(this.reader.document, 'focusin focusout', onChange, signal);
    this.reader.mutations.schedule();
  }

  restart() {
    this.#told = 0;
    this.#isDirty = true;
  }

  flush() {
    const { document, tree, batch } = this.reader;
    if (!this.#isDirty && (!this.#active || tree.id(this.#active) === this.#told)) return;
    this.#isDirty = false;
    let active = beside.activeElement(document);
    for (let inner = active; inner; inner = native.openShadowRoot(inner)?.activeElement) active = inner;
    const id = active && active !== beside.body(document) ? tree.id(active) : 0;
    this.#active = id ? active : null;
    if (id === this.#told) return;
    this.#told = id;
    batch.put(Op.focus, id);
  }
}
