//! Where the visitor points, at most once per frame.

import { listen } from './listen.js';
import * as native from './native.js';
import { frame } from './native-beside.js';
import * as Op from './op.js';

/** @type {Record<string, number>} */
const PHASES = { pointermove: 0, pointerdown: 1, pointerleave: 2 };

export class PointerSignal {
  /** @type {{x: number, y: number, phase: number} | null} */
  #mark = null;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** @param {AbortSignal} signal */
  start(signal) {
    const onPointer = (/** @type {PointerEvent} */ event) => {
      const phase = PHASES[event.type];
      const isFirst = this.#mark === null;
      // A press is not forgotten for a move within the same frame.
      this.#mark = { x: event.clientX, y: event.clientY, phase: Math.max(phase, this.#mark?.phase === 1 ? 1 : 0) };
      if (isFirst) frame(() => this.#send());
    };
    const top = this.reader.document;
    listen(top, 'pointermove pointerdown', onPointer, signal);
    native.listenTo(native.documentElement(top), 'pointerleave', onPointer, { passive: true, signal });
  }

  #send() {
    const mark = this.#mark;
    this.#mark = null;
    const { reader } = this;
    if (!mark || reader.isStopped || reader.documents.isReading) return;
    reader.batch.put(Op.pointer, Math.round(mark.x), Math.round(mark.y), mark.phase);
    reader.send();
  }
}
