//! Where blocked elements stand and how large they are, as the page's layout changes. The first reading tells the size
//! alone; what is around such a box keeps its place only if the box stands as the element does.

import * as native from './native.js';
import * as beside from './native-beside.js';
import * as Op from './op.js';
import { BLOCKED } from './policy.js';

const ATTRIBUTE = 'data-tandem-blocked';
/** What is told beside the size; the Rust side has the same in `crates/cobrowse/src/blocked.rs`. */
const PROPERTIES = ['display', 'position', 'float', 'margin-top', 'margin-right', 'margin-bottom', 'margin-left', 'top', 'right', 'bottom', 'left', 'z-index', 'order', 'align-self', 'justify-self', 'grid-row-start', 'grid-row-end', 'grid-column-start', 'grid-column-end'];

export class BlockedSignal {
  /** The box of each as it is, and what the wire says. @type {Map<any, {id: number, box: string, told: string}>} */
  #boxes = new Map();
  #observer = new beside.SizeObserver((/** @type {ResizeObserverEntry[]} */ entries) => {
    // The layout is fresh here, so that measuring costs the page nothing.
    for (const { target } of entries) {
      const known = this.#boxes.get(target);
      if (known) known.box = boxOf(target);
    }
    this.reader.mutations.schedule();
  });

  /** @param {import('./reader.js').Reader} reader @param {AbortSignal} signal */
  constructor(reader, signal) {
    this.reader = reader;
    signal.addEventListener('abort', () => this.#observer.disconnect());
  }

  /** Takes a blocked element into view; it is written once it has been measured. @param {any} element */
  found(element) {
    const { tree } = this.reader;
    if (!tree.id(element) || !(tree.flags(element) & BLOCKED) || this.#boxes.has(element)) return false;
    this.#boxes.set(element, { id: 0, box: '', told: '' });
    this.#observer.observe(element);
    return false;
  }

  restart() {
    for (const known of this.#boxes.values()) known.told = '';
  }

  flush() {
    const { batch, tree } = this.reader;
    for (const [element, known] of this.#boxes) {
      const id = tree.id(element);
      if (!id || !(tree.flags(element) & BLOCKED)) {
        this.#boxes.delete(element);
        this.#observer.unobserve(element);
        continue;
      }
      if (id !== known.id) known.told = '';
      known.id = id;
      if (!known.box || known.box === known.told) continue;
      known.told = known.box;
      batch.put(Op.attribute, id);
      batch.text(ATTRIBUTE);
      batch.text(known.box);
    }
  }
}

/** @param {Element} element */
function boxOf(element) {
  const { width, height } = native.box(element);
  const style = beside.styleOf(element);
  return [`${Math.round(width)}x${Math.round(height)}`, ...PROPERTIES.map((name) => style.getPropertyValue(name))].join(';');
}
