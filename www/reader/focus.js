//! Which element has the focus.

import { listen } from './listen.js';
import * as Op from './op.js';

export class FocusSignal {
  #isDirty = false;
  #told = 0;

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
    listen(this.reader.document, 'focusin focusout', onChange, signal);
  }

  restart() {
    this.#told = 0;
    this.#isDirty = true;
  }

  flush() {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const { document, tree, batch } = this.reader;
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    const id = active && active !== document.body ? tree.id(active) : 0;
    if (id === this.#told) return;
    this.#told = id;
    batch.put(Op.focus, id);
  }
}
