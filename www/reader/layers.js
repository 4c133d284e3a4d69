//! Which elements stand in the top layer: modal dialogs and open popovers. No attribute tells either.

import * as native from './native.js';
import * as Op from './op.js';

const POPOVER = 1;
const MODAL = 2;

export class LayerSignal {
  /** What the wire says of each element that stands in the top layer or did. @type {Map<any, {id: number, layer: number}>} */
  #told = new Map();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** Takes an element into view that may stand in the top layer; answers whether it is new. @param {any} element */
  found(element) {
    if (native.nodeType(element) !== 1 || this.#told.has(element) || !layerOf(element)) return false;
    this.#told.set(element, { id: 0, layer: 0 });
    return true;
  }

  restart() {
    for (const told of this.#told.values()) told.id = told.layer = 0;
  }

  flush() {
    const { batch, tree } = this.reader;
    for (const [element, told] of this.#told) {
      const id = tree.id(element);
      const layer = layerOf(element);
      if (id !== told.id) told.layer = 0;
      if (id && layer !== told.layer) batch.put(Op.layer, id, layer);
      told.id = id;
      told.layer = layer;
      if (!layer) this.#told.delete(element);
    }
  }
}

/** @param {any} element */
function layerOf(element) {
  return is(element, ':modal') ? MODAL : is(element, ':popover-open') ? POPOVER : 0;
}

/** @param {any} element @param {string} state */
function is(element, state) {
  try {
    return native.matches(element, state);
  } catch {
    return false;
  }
}
