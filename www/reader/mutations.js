//! Changes of the tree, of attributes and of text, gathered for a moment and written as what they come to.

import * as native from './native.js';
import * as Op from './op.js';
import { BLOCKED, SECRET } from './policy.js';
import { counts, noteOwn } from './tree.js';
import { IS_OPAQUE, isNewlyDesigned, isStyle } from './walk.js';

/**
 * What has changed is sent after this time. A timer and no animation frame: asking for one makes the browser paint. To
 * send costs more than to gather, so that twice as often would be twice as dear for a page that changes all the time.
 */
const FLUSH_MS = 20;
const OPTIONS = { childList: true, attributes: true, attributeOldValue: true, characterData: true, subtree: true };
/** More siblings than this are looked at together. */
const MANY = 16;
const MARK_ATTRIBUTES = new Set(['data-tandem-mask', 'data-tandem-unmask', 'data-tandem-block', 'contenteditable']);
/** Attributes by which a field may become secret. */
const JUDGED = /^(?:type|name|id|autocomplete)$/;

export class MutationSignal {
  #gathered = nothing();
  #isScheduled = false;
  #isStopped = false;
  /** Nodes that have to be read anew though they may stand where they stood. @type {Set<Node>} */
  #stale = new Set();
  /** How often anything has been seen to change. */
  #changes = 0;
  /** Whether selectors of the site may match differently though nothing of the markup has changed. */
  #isRechecking = false;
  #observer;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    this.#observer = new native.Observer((records) => {
      for (const record of records) this.#take(record);
      this.schedule();
    });
  }

  /** @param {Node} root */
  observe(root) {
    this.#observer.observe(root, OPTIONS);
  }

  /** Forgets what has not been written yet: the page is read anew. */
  restart() {
    this.count();
    this.#gathered = nothing();
    this.reader.walk.moving.clear();
  }

  /** Takes what waits, and tells how often anything has been seen to change. */
  count() {
    for (const record of this.#observer.takeRecords()) this.#take(record);
    return this.#changes;
  }

  stop() {
    this.#isStopped = true;
    this.#observer.disconnect();
    this.#gathered = nothing();
  }

  /** Adds a record to what the changes come to, so that thousands of them need not be kept. @param {MutationRecord} record */
  #take(record) {
    this.#changes++;
    const { touched, attributes, texts } = this.#gathered;
    const target = /** @type {any} */ (record.target);
    const name = record.attributeName;
    if (name !== null) {
      const elements = attributes.get(name);
      if (elements) elements.add(target);
      else attributes.set(name, new Set([target]));
      if (MARK_ATTRIBUTES.has(name)) this.#stale.add(target);
      // A field that was a password for a moment within this frame was never seen as one.
      if (name === 'type' && record.oldValue) this.reader.policy.isSecret(target, 'input', record.oldValue.toLowerCase());
    } else if (record.type === 'childList') {
      const { removedNodes, addedNodes } = record;
      for (let i = 0; i < removedNodes.length; i++) {
        touched.add(removedNodes[i]);
        // From here on nobody watches a node that is out of the page; should it come back, it is read anew.
        if (!native.isConnected(removedNodes[i])) this.#stale.add(removedNodes[i]);
      }
      for (let i = 0; i < addedNodes.length; i++) touched.add(addedNodes[i]);
    } else {
      texts.add(target);
    }
  }

  /** Has everything that changed written soon. */
  schedule() {
    this.#changes++;
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    native.later(() => {
      this.#isScheduled = false;
      if (this.#isStopped) return;
      try {
        this.flush();
      } catch {
        this.reader.fail();
      }
      if (!this.reader.documents.isReading) this.reader.send();
    }, FLUSH_MS);
  }

  /** The same after a change of what `:checked` or `:focus` matches. */
  recheck() {
    this.#isRechecking = true;
    this.schedule();
  }

  /** Has an element taken off the wire and read again with the next flush. @param {Element} element */
  readAnew(element) {
    this.#stale.add(element);
    this.schedule();
  }

  /** Writes what has changed into the batch. */
  flush() {
    const { reader } = this;
    this.count();
    const changes = this.#gathered;
    this.#gathered = nothing();
    for (const root of reader.roots) if (isNewlyDesigned(root)) return reader.readAgain();
    noteOwn(reader.document);
    this.#remark(changes);
    const firstNew = reader.tree.nextId;
    if (changes.touched.size) this.#replace(changes.touched);
    for (const [name, elements] of changes.attributes) this.#attributes(name, elements, firstNew);
    for (const text of changes.texts) this.#text(text, firstNew);
    reader.flushed();
  }

  /** Adds what the policy now sees otherwise: it is taken off the wire and read again. @param {Changes} changes */
  #remark(changes) {
    const { reader } = this;
    const { tree, policy } = reader;
    for (const [name, elements] of changes.attributes) {
      for (const element of JUDGED.test(name) ? elements : []) {
        if (!(tree.flags(element) & SECRET) && policy.isSecret(element, native.localName(element))) this.#stale.add(element);
      }
    }
    if (policy.hasSelectors && (changes.attributes.size || changes.touched.size || this.#isRechecking)) {
      for (const element of policy.changedMarks(reader.roots)) this.#stale.add(element);
    }
    this.#isRechecking = false;
    for (const element of this.#stale) if (tree.id(element)) changes.touched.add(element);
  }

  /** Takes off the wire what is gone and places what has come, moved, or has to be read anew. @param {Set<Node>} touched */
  #replace(touched) {
    const { reader } = this;
    const { tree, batch, walk } = reader;
    const gone = [];
    for (const node of touched) {
      const id = tree.id(node);
      if (!id) continue;
      // Everything leaves its place before anything is removed: a node that was moved into a removed one, or out of
      // it, is not removed with it.
      batch.put(Op.detach, id);
      const stays = reader.isReachable(node) && !this.#stale.has(node) && !this.#changesFlags(node);
      if (stays) walk.moving.add(node);
      else gone.push({ node, id });
    }
    this.#stale.clear();
    for (const { node, id } of gone) this.#remove(node, id);
    for (const node of touched) this.#place(node, touched);
    for (const node of walk.moving) this.#remove(node, tree.id(node));
    walk.moving.clear();
  }

  /** @param {Node} node @param {number} top */
  #remove(node, top) {
    const { tree, batch, walk } = this.reader;
    batch.put(Op.remove, top);
    tree.forget(node, (forgotten, id) => {
      // A node that was moved in here a moment ago has left its old place on the wire, but is not in this subtree.
      if (walk.moving.delete(forgotten) && id !== top) {
        batch.put(Op.remove, id);
      }
      this.reader.forgotten(forgotten);
    });
  }

  /** Whether a node that moved now stands under another policy than the one it was read with. @param {any} node */
  #changesFlags(node) {
    const { tree } = this.reader;
    return tree.inherited(node) !== this.#comingFlags(tree.parent(node));
  }

  /** The flags that will hold for what is in a node that may not have been read yet. @param {any} node @returns {number} */
  #comingFlags(node) {
    const { tree, walk, policy } = this.reader;
    if (!node || tree.id(node)) return node ? walk.innerFlags(node) : policy.rootFlags;
    const inherited = this.#comingFlags(tree.parent(node));
    return native.nodeType(node) === 1 ? policy.flags(inherited, node, native.localName(node), policy.ownMarks(node)) : inherited;
  }

  /** Places a touched node, with the touched siblings around it, unless it has been placed with its parent. @param {Node} node @param {Set<Node>} touched */
  #place(node, touched) {
    const { reader } = this;
    const { tree, walk, policy } = reader;
    const waits = (/** @type {Node} */ other) =>
      touched.has(other) && (walk.moving.has(other) || !tree.id(other)) && counts(other);
    if (!waits(node) || !reader.isReachable(node)) return;
    const parent = tree.parent(node);
    if (!parent || !tree.id(parent) || walk.isOpaque(parent)) return;
    let start = node;
    for (let before = tree.previous(start); before && waits(before); before = tree.previous(before)) start = before;
    const previous = tree.previous(start);
    // A sibling that has not been read yet: the reading of the page comes by here later.
    if (previous && !tree.id(previous)) return;
    const run = [];
    for (let at = /** @type {Node | null} */ (start); at && waits(at); at = tree.next(at)) run.push(at);
    // One look at all of the parent is cheaper than one at each of many.
    const tops = run.length > MANY ? [parent] : run;
    // Elements, documents and shadow roots: the types 1, 9 and 11 as bits.
    for (const one of tops) if ((2562 >> native.nodeType(one)) & 1) policy.noteSecrets(one);
    const stop = tree.after(run[run.length - 1]);
    const next = walk.run(start, policy.marksOf(tops), stop, Infinity);
    // Something inside is on the wire elsewhere: what was seen of the page does not add up.
    if (next && next !== stop) reader.restartSoon();
  }

  /** @param {string} name @param {Set<any>} elements @param {number} firstNew the first number of those that are told with their place */
  #attributes(name, elements, firstNew) {
    const { tree, batch, policy, fields, sheets, walk } = this.reader;
    const isOrdinary = policy.ordinary.has(name);
    for (const element of elements) {
      const id = tree.id(element);
      if (!id || id >= firstNew) continue;
      const tag = native.localName(element);
      const named = walk.named(tag);
      const flags = tree.flags(element);
      let told = native.getAttribute(element, name);
      if (flags || named || !isOrdinary) {
        if (flags & BLOCKED || (named & IS_OPAQUE && tag !== 'textarea')) continue;
        if (told !== null) told = policy.attribute(element, tag, name, told, flags);
        fields.changed(element);
      }
      batch.push(told === null ? Op.noAttribute : Op.attribute);
      batch.push(id);
      batch.text(name);
      if (told !== null) batch.text(told);
      if (tag === 'link' || tag === 'style') sheets.changed(element);
    }
  }

  /** @param {Node} text @param {number} firstNew */
  #text(text, firstNew) {
    const { tree, batch, policy, walk, sheets } = this.reader;
    const id = tree.id(text);
    if (!id || id >= firstNew) return;
    const parent = /** @type {any} */ (tree.parent(text));
    const isRules = isStyle(text);
    const flags = isRules ? 0 : walk.innerFlags(parent);
    const value = native.nodeValue(text);
    batch.push(Op.text);
    batch.push(id);
    batch.push(policy.hidesText(flags) ? 1 : 0);
    batch.once(isRules ? value : policy.text(value, flags));
    if (isRules) sheets.changed(parent);
  }
}

/**
 * @typedef {{touched: Set<Node>, attributes: Map<string, Set<Element>>, texts: Set<Node>}} Changes
 * @returns {Changes}
 */
function nothing() {
  return { touched: new Set(), attributes: new Map(), texts: new Set() };
}
