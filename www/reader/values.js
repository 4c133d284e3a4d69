//! Values that the page's scripts set on fields, which no event tells. The properties by which scripts set them are
//! watched, so that nothing has to be looked at while nothing happens; and the fields are looked at some moments after
//! anything did, as a framework may have taken the browser's own property before it was watched.

import * as native from './native.js';

/** What scripts set, by the class that it belongs to. */
const SET = {
  HTMLInputElement: ['value', 'checked', 'valueAsNumber', 'valueAsDate'],
  HTMLTextAreaElement: ['value'],
  HTMLSelectElement: ['value', 'selectedIndex'],
  HTMLOptionElement: ['selected'],
};
/** Moments after something has happened, until which nothing else did. */
const LOOK_AFTER_MS = [200, 800];

export class ValueSignal {
  #timer = 0;
  /** How often the fields were looked at since something happened. */
  #looks = 0;
  /** What puts the page's properties back. @type {(() => void)[]} */
  #undo = [];
  /** @type {WeakSet<object>} */
  #watched = new WeakSet();

  /** @param {import('./reader.js').Reader} reader @param {AbortSignal} signal */
  constructor(reader, signal) {
    this.reader = reader;
    this.signal = signal;
    native.listenTo(signal, 'abort', () => this.#stop());
  }

  /** Watches the fields of a window; those of a frame have classes of their own. @param {any} view */
  watch(view) {
    // A window that goes elsewhere stays the same object, with other classes.
    const first = view?.HTMLInputElement?.prototype;
    if (!first || this.#watched.has(first)) return;
    this.#watched.add(first);
    for (const [name, properties] of Object.entries(SET)) {
      for (const property of properties) this.#watchProperty(view[name]?.prototype, property);
    }
  }

  /** Something has happened: the fields are looked at a moment later. */
  lookSoon() {
    this.#looks = 0;
    this.#wait();
  }

  #wait() {
    this.#timer ||= native.later(() => {
      this.#timer = 0;
      this.reader.fields.look();
      if (++this.#looks < LOOK_AFTER_MS.length) this.#wait();
    }, LOOK_AFTER_MS[this.#looks]);
  }

  #stop() {
    window.clearTimeout(this.#timer);
    for (const undo of this.#undo) undo();
    this.#undo = [];
  }

  /** @param {any} prototype @param {string} name */
  #watchProperty(prototype, name) {
    const original = prototype && Object.getOwnPropertyDescriptor(prototype, name);
    const set = original?.set;
    if (!set || !original.configurable) return;
    const { reader, signal } = this;
    const noticed = {
      /** @param {unknown} value */
      set(value) {
        set.call(this, value);
        // Whoever took this function keeps it after the session.
        if (!signal.aborted) reader.mutations.recheck();
      },
    }.set;
    Object.defineProperty(prototype, name, { ...original, set: noticed });
    this.#undo.push(() => {
      if (Object.getOwnPropertyDescriptor(prototype, name)?.set === noticed) Object.defineProperty(prototype, name, original);
    });
  }
}
