//! The first reading of the whole page: in one go when it is small, else in slices between which the page runs.

import * as native from './native.js';
import * as Op from './op.js';
import { bare } from './address.js';
import { noMarks } from './policy.js';
import { noteOwn } from './tree.js';
import { firstUnread } from './walk.js';

/** Pages up to about this many nodes are read in one go. */
const WHOLE_NODES_MAX = 3_000;
const SLICE_MS = 6;
/** A page that changes faster than it can be read is read in one go after this time. */
const PATIENCE_MS = 3_000;

export class DocumentSignal {
  /** @type {Node | null} */
  #next = null;
  #channel = new MessageChannel();
  #beganAt = 0;
  #marks = noMarks();
  /** How often the page had changed when the marks were looked up. */
  #changes = 0;
  /** Whether nothing has changed since the reading began. */
  #isSteady = true;
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
    this.#changes = reader.mutations.count();
    this.#isSteady = true;
    const isSmall = () => !reader.sliceNodes && native.byTag(top, '*').length < WHOLE_NODES_MAX / 2;
    if (isAtOnce || isSmall()) this.#read(Infinity);
    else this.#goOn();
  }

  stop() {
    this.#isStopped = true;
    this.isReading = false;
    this.#channel.port1.close();
  }

  #slice() {
    if (this.#isStopped || !this.isReading) return;
    try {
      this.#readSlice();
    } catch {
      this.isReading = false;
      this.reader.fail();
    }
  }

  #readSlice() {
    const { reader } = this;
    const beganAt = performance.now();
    const changes = reader.mutations.count();
    if (changes !== this.#changes || reader.policy.hasSelectors) {
      // What has changed in the meantime goes first, so that the reading meets the page as the wire has it.
      reader.mutations.flush();
      if (!this.isReading) return;
      this.#marks = reader.policy.marksOf(reader.roots);
      this.#isSteady &&= changes === this.#changes;
      this.#changes = changes;
    }
    this.#read(beganAt - this.#beganAt > PATIENCE_MS ? Infinity : reader.sliceNodes ? 0 : beganAt + SLICE_MS);
    if (this.isReading) {
      reader.fields.tell();
      this.#goOn();
    }
  }

  /** Reads on to this moment; after the last node the page is done. @param {number} untilMs */
  #read(untilMs) {
    const { tree, walk, document: top } = this.reader;
    do {
      const start = this.#cursor(top);
      if (!start) return this.#done();
      const parent = /** @type {Node} */ (tree.parent(start));
      this.#next = walk.run(start, this.#marks, null, untilMs) ?? tree.after(parent);
    } while (performance.now() < untilMs);
  }

  /** Returns an unread node whose parent and sibling before it are on the wire, or null when all is read. @param {Node} top */
  #cursor(top) {
    const { tree } = this.reader;
    let node = this.#next;
    // In a page that stands still nothing is left behind.
    if (!node && this.#isSteady) return null;
    while (node && tree.id(node)) node = tree.after(node);
    const isSound = node && native.isConnected(node) && tree.id(tree.parent(node) ?? top);
    if (!isSound) node = firstUnread(this.reader, top);
    for (let before = node && tree.previous(node); before && !tree.id(before); before = tree.previous(before)) node = before;
    return node;
  }

  /** Hands over what was read, and lets the page run before the next slice. */
  #goOn() {
    this.reader.send();
    this.#channel.port2.postMessage(null);
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
