//! Where the page and its elements are scrolled to. Elements that were scrolled before the session are found when
//! the page is idle, as asking every element for its offset is dear.

import { listen } from './listen.js';
import * as native from './native.js';
import * as Op from './op.js';

export class ScrollSignal {
  /** @type {Set<Node>} */
  #moved = new Set();
  #isStopped = false;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** @param {Document | ShadowRoot} root @param {AbortSignal} signal */
  listen(root, signal) {
    const onScroll = (/** @type {Event} */ event) => {
      this.#moved.add(/** @type {Node} */ (event.composedPath()[0] ?? event.target));
      this.reader.mutations.schedule();
    };
    listen(root, 'scroll', onScroll, signal);
  }

  stop() {
    this.#isStopped = true;
    this.#moved.clear();
  }

  /** Looks for elements that are scrolled already, a few at a time. */
  findScrolled() {
    const elements = native.byTag(this.reader.document, '*');
    let at = 0;
    const look = (/** @type {IdleDeadline} */ deadline) => {
      if (this.#isStopped) return;
      while (at < elements.length && deadline.timeRemaining() > 2) {
        const element = elements[at++];
        if (native.scrollTop(element) || native.scrollLeft(element)) this.#moved.add(element);
      }
      if (this.#moved.size) this.reader.mutations.schedule();
      if (at < elements.length) later(look);
    };
    const later = window.requestIdleCallback?.bind(window) ?? (() => 0);
    later(look);
  }

  flush() {
    const { tree } = this.reader;
    for (const node of this.#moved) {
      if (node === this.reader.document) this.window();
      else if (native.nodeType(node) === 9) this.#frame(node);
      else if (tree.id(node)) this.#write(tree.id(node), native.scrollLeft(node), native.scrollTop(node));
    }
    this.#moved.clear();
  }

  /** Writes where the page itself is scrolled to. */
  window() {
    this.#write(1, window.scrollX, window.scrollY);
  }

  /** A document inside a frame is told by its frame. @param {any} inner */
  #frame(inner) {
    const { tree } = this.reader;
    const owner = tree.owners.get(inner);
    const view = native.defaultView(inner);
    if (owner && view && tree.id(owner)) this.#write(tree.id(owner), view.scrollX, view.scrollY);
  }

  /** @param {number} id @param {number} left @param {number} top */
  #write(id, left, top) {
    this.reader.batch.put(Op.scroll, id, Math.round(left), Math.round(top));
  }
}
