//! The size of the window, what pinch zoom shows of it, and whether the page is in the background.

import { listen } from './listen.js';
import * as native from './native.js';
import * as Op from './op.js';

export class ViewportSignal {
  #isDirty = false;

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
    listen(window, 'resize', onChange, signal);
    if (window.visualViewport) listen(window.visualViewport, 'resize scroll', onChange, signal);
    listen(this.reader.document, 'visibilitychange', onChange, signal);
  }

  flush() {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.write();
  }

  write() {
    const { batch, document } = this.reader;
    const view = window.visualViewport;
    const shown = [(view?.scale ?? 1) * 1000, view?.offsetLeft ?? 0, view?.offsetTop ?? 0].map(Math.round);
    batch.put(Op.viewport, window.innerWidth, window.innerHeight, ...shown);
    batch.put(Op.pause, native.visibilityState(document) === 'hidden' ? 1 : 0);
  }
}
