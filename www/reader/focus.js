//! Which element has the focus.

import { listen } from './listen.js';
import * as native from './native.js';
import * as beside from './native-beside.js';
import * as Op from './op.js';

export class FocusSignal {
  #isDirty = true;
  #told = 0;

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
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const { document, tree, batch } = this.reader;
    let active = beside.activeElement(document);
    for (let inner = active; inner; inner = native.openShadowRoot(inner)?.activeElement) active = inner;
    const id = active && active !== beside.body(document) ? tree.id(active) : 0;
    if (id === this.#told) return;
    this.#told = id;
    batch.put(Op.focus, id);
  }
}
