//! The first reading of the whole page: in one go when it is small, else in slices between which the page runs.

import * as native from './native.js';
import * as Op from './op.js';
import { bare } from './address.js';
import { noMarks } from './policy.js';
import { noteOwn } from './tree.js';
import { firstUnread } from './walk.js';

/** Pages up to this many nodes are read in one go. */
const WHOLE_NODES_MAX = 15_000;
const SLICE_MS = 8;
/** A page that changes faster than it can be read is read in one go after this time. */
const PATIENCE_MS = 3_000;
/** The clock is looked at once in this many nodes. */
const CLOCK_EVERY = 128;

export class DocumentSignal {
  /** @type {Node | null} */
  #next = null;
  #channel = new MessageChannel();
  #beganAt = 0;
  #marks = noMarks();
  #isStopped = false;
  isReading = false;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    this.#channel.port1.onmessage = () => this.#slice();
  }

  /** Begins to read the page. @param {boolean} isAtOnce whether it has to be read in one go, however large it is */
  start(isAtOnce) {
    const { reader } = this;
    const top = reader.document;
    reader.restart();
    this.isReading = true;
    this.#beganAt = performance.now();
    noteOwn(top);
    reader.policy.noteSecrets(top);
    const { batch } = reader;
    batch.put(Op.document, native.compatMode(top) === 'BackCompat' ? 1 : 0);
    batch.text(reader.address.url());
    batch.text(bare(native.baseURI(top)));
    batch.text(reader.address.title());
    reader.rootFound(top);
    this.#marks = reader.policy.marksOf([top]);
    this.#next = reader.tree.first(top);
    const isSmall = () => !reader.sliceNodes && native.byTag(top, '*').length < WHOLE_NODES_MAX / 2;
    if (isAtOnce || isSmall()) this.#read(() => true);
    else this.#slice();
  }

  stop() {
    this.#isStopped = true;
    this.isReading = false;
    this.#channel.port1.close();
  }

  #slice() {
    if (this.#isStopped || !this.isReading) return;
    const { reader } = this;
    // What has changed in the meantime goes first, so that the reading meets the page as the wire has it.
    reader.mutations.flush();
    if (!this.isReading) return;
    this.#marks = reader.policy.marksOf(reader.roots);
    const { sliceNodes } = reader;
    const until = sliceNodes ? 0 : performance.now() + SLICE_MS;
    const isImpatient = performance.now() - this.#beganAt > PATIENCE_MS;
    let nodes = 0;
    this.#read(() => isImpatient || ++nodes % (sliceNodes || CLOCK_EVERY) !== 0 || performance.now() < until);
    if (this.isReading) {
      reader.send();
      this.#channel.port2.postMessage(null);
    }
  }

  /** Reads on as long as `goesOn` agrees; after the last node the page is done. @param {() => boolean} goesOn */
  #read(goesOn) {
    const { tree, walk, document: top } = this.reader;
    let isCut = false;
    const goesOnHere = () => !(isCut ||= !goesOn());
    while (!isCut) {
      const start = this.#cursor(top);
      if (!start) return this.#done();
      const parent = /** @type {Node} */ (tree.parent(start));
      this.#next = walk.run(start, this.#marks, goesOnHere) ?? tree.after(parent);
    }
  }

  /** Returns an unread node whose parent and sibling before it are on the wire, or null when all is read. @param {Node} top */
  #cursor(top) {
    const { tree } = this.reader;
    let node = this.#next;
    while (node && tree.id(node)) node = tree.after(node);
    const isSound = node && native.isConnected(node) && tree.id(tree.parent(node) ?? top);
    if (!isSound) node = firstUnread(this.reader, top);
    for (let before = node && tree.previous(node); before && !tree.id(before); before = tree.previous(before)) node = before;
    return node;
  }

  #done() {
    this.isReading = false;
    this.#next = null;
    const { reader } = this;
    reader.surroundings();
    reader.batch.push(Op.done);
    reader.send();
  }
}
