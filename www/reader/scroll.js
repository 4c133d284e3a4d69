//! Where the page and its elements are scrolled to, told when they scroll.

import { listen } from './listen.js';
import * as native from './native.js';
import * as beside from './native-beside.js';
import * as Op from './op.js';
import { BLOCKED, SECRET } from './policy.js';

export class ScrollSignal {
  /** @type {Set<Node>} */
  #moved = new Set();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** @param {Document | ShadowRoot} root @param {AbortSignal} signal */
  listen(root, signal) {
    const onScroll = (/** @type {Event} */ event) => {
      this.moved(/** @type {Node} */ (event.composedPath()[0] ?? event.target));
    };
    listen(root, 'scroll', onScroll, signal);
  }

  /** Has the page's own offset told. */
  restart() {
    this.#moved.add(this.reader.document);
  }

  /** Has it told where an element is scrolled to. @param {Node} node */
  moved(node) {
    this.#moved.add(node);
    this.reader.mutations.schedule();
  }

  flush() {
    const { tree } = this.reader;
    for (const node of this.#moved) {
      if (node === this.reader.document) this.#write(1, window.scrollX, window.scrollY);
      else if (native.nodeType(node) === 9) this.#frame(node);
      else if (isTold(tree, node)) this.#write(tree.id(node), beside.scrollLeft(node), beside.scrollTop(node));
    }
    this.#moved.clear();
  }

  /** A document inside a frame is told by its frame. @param {any} inner */
  #frame(inner) {
    const { tree } = this.reader;
    const owner = tree.owners.get(inner);
    const view = beside.defaultView(inner);
    if (owner && view && tree.id(owner)) this.#write(tree.id(owner), view.scrollX, view.scrollY);
  }

  /** @param {number} id @param {number} left @param {number} top */
  #write(id, left, top) {
    this.reader.batch.put(Op.scroll, id, Math.round(left), Math.round(top));
  }
}

/** Whether an element's offset may be told: how long a secret is shows in how far it scrolls. @param {import('./tree.js').Tree} tree @param {Node} node */
function isTold(tree, node) {
  return native.nodeType(node) === 1 && tree.id(node) > 0 && !(tree.flags(node) & (SECRET | BLOCKED));
}
