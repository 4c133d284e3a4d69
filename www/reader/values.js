//! Values that the page's scripts set on fields, which no event tells: noticed by patched accessors where that can be,
//! elsewhere looked at from time to time.

import * as native from './native.js';

const LOOK_EVERY_MS = 300;
/** @type {[any, string][]} */
const SETTERS = [
  [HTMLInputElement, 'value checked stepUp stepDown setRangeText'],
  [HTMLTextAreaElement, 'value setRangeText'],
  [HTMLSelectElement, 'value selectedIndex'],
  [HTMLOptionElement, 'selected'],
];

export class ValueSignal {
  #timer = 0;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** Notices what is set until the session ends, when the page's own accessors and methods are put back. @param {AbortSignal} signal */
  start(signal) {
    const { fields, mutations, tree } = this.reader;
    /** @param {any} field */
    const noticed = (field) => {
      if (tree.id(field)) mutations.schedule();
    };
    for (const [{ prototype }, names] of SETTERS) {
      for (const name of names.split(' ')) patch(prototype, name, noticed, signal);
    }
    native.listenTo(signal, 'abort', () => window.clearInterval(this.#timer));
    // What was set before this module had come.
    fields.look();
  }

  /**
   * Looks at the fields from time to time once one is met that patches do not reach: frameworks keep accessors on the
   * field itself, and a frame has prototypes of its own.
   * @param {any} root
   */
  findApart(root) {
    if (this.#timer) return;
    for (const field of native.queryAll(root, 'input,textarea')) {
      if (native.ownerDocument(field) === this.reader.document && !Object.hasOwn(field, 'value') && !Object.hasOwn(field, 'checked')) continue;
      this.#timer = window.setInterval(() => this.reader.fields.look(), LOOK_EVERY_MS);
      return;
    }
  }
}

/** @param {any} prototype @param {string} name @param {(field: any) => void} noticed @param {AbortSignal} signal */
function patch(prototype, name, noticed, signal) {
  const original = Object.getOwnPropertyDescriptor(prototype, name);
  const key = original?.set ? 'set' : 'value';
  const act = original?.[key];
  if (!original?.configurable || !act) return;
  /** @this {any} @param {...any} rest */
  const patched = function (...rest) {
    const result = act.apply(this, rest);
    noticed(this);
    return result;
  };
  Object.defineProperty(prototype, name, { ...original, [key]: patched });
  native.listenTo(signal, 'abort', () => {
    if (Object.getOwnPropertyDescriptor(prototype, name)?.[key] === patched) Object.defineProperty(prototype, name, original);
  });
}
