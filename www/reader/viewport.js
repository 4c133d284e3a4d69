//! Changes of the window's size, of what pinch zoom shows of it, and whether the page is in the background.

import { listen } from './listen.js';
import { writeViewport } from './window.js';

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
    onChange();
  }

  flush() {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    writeViewport(this.reader);
  }

  restart() {}
}
