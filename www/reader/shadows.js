//! Shadow roots that are made during the session. Open ones of before are found while reading.

export class ShadowSignal {
  /** @type {() => void} */
  #undo = () => {};

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** A new shadow root makes no mutation record, so the method that makes it is watched until the session ends. */
  start() {
    const { reader } = this;
    const original = Element.prototype.attachShadow;
    /** @this {Element} @param {ShadowRootInit} init */
    const noticed = function (init) {
      const root = original.call(this, init);
      if (init?.mode === 'closed') reader.tree.closedRoots.set(this, root);
      if (reader.tree.id(this)) reader.mutations.readAnew(this);
      return root;
    };
    Element.prototype.attachShadow = noticed;
    this.#undo = () => {
      if (Element.prototype.attachShadow === noticed) Element.prototype.attachShadow = original;
    };
  }

  stop() {
    this.#undo();
  }
}
