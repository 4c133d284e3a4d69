//! Reads nodes into a batch: one node with its attributes, or a whole run of siblings with everything in them.

import * as native from './native.js';
import * as NodeOp from './node-op.js';
import * as Op from './op.js';
import { BLOCKED, EDITED, NAMES_MAX } from './policy.js';
import { isOwn } from './tree.js';

/** @type {Record<string, number>} */
const NAMESPACES = { 'http://www.w3.org/1999/xhtml': 0, 'http://www.w3.org/2000/svg': 1, 'http://www.w3.org/1998/Math/MathML': 2 };
/** Elements whose content is never read: code, or what a field's value says anyway. */
export const OPAQUE = /^(?:script|noscript|textarea|object|embed|template)$/;
/** Elements of which more has to be asked: fields, and those with attributes that are not told. */
const PECULIAR = /^(?:input|textarea|select|option|optgroup|meta|button)$/;
/** What an element's name alone says. */
export const IS_OPAQUE = 1;
const IS_PECULIAR = 2;
/** The clock is looked at once in this many nodes. */
const CLOCK_EVERY = 128;

export class Walk {
  /** The flags for what is in the node that was read last. */
  #inner = 0;
  /** What the names that were met say. @type {Map<string, number>} */
  #names = new Map();
  /** Whether a shadow root has been met. */
  #hasShadows = false;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** Nodes that were taken out of their place and wait to be met at their new one. @type {Set<Node>} */
    this.moving = new Set();
  }

  /**
   * Reads `start` and its following siblings with everything in them, up to `stop`, to a node that is on the wire
   * already, or to the moment `untilMs`. Returns the node to go on with, or null at the end of what the parent holds.
   * One pass over the nodes, each asked for as little as possible: most of its time the page has never run it before.
   * @param {Node} start @param {import('./policy.js').Marks} marks @param {Node | null} stop @param {number} untilMs
   * @returns {Node | null}
   */
  run(start, marks, stop, untilMs) {
    const { tree, batch } = this.reader;
    const top = /** @type {Node} */ (tree.parent(start));
    const previous = tree.previous(start);
    batch.put(Op.place, tree.id(top), previous ? tree.id(previous) : 0);
    /** The nodes above that are open, and the flags on their levels. @type {Node[]} */
    const above = [];
    /** @type {number[]} */
    const flagsAbove = [];
    let flags = this.innerFlags(top);
    const every = this.reader.sliceNodes || CLOCK_EVERY;
    let count = 0;
    let node = /** @type {Node | null} */ (start);
    while (node) {
      const type = native.nodeType(node);
      /** @type {Node | null} */
      let next = null;
      // What is Tandem's own stands in the topmost element.
      if (type === 1 ? above.length > 1 || !isOwn(node) : type !== 8 && type !== 7) {
        if (node === stop || (count++ % every === 0 && count > 1 && performance.now() > untilMs)) break;
        const known = tree.id(node);
        if (!known) next = type === 1 ? this.#element(node, flags, marks) : this.#other(node, type, flags, marks);
        else if (!this.moving.delete(node)) break;
        else batch.put(NodeOp.moved, known);
      }
      if (next) {
        above.push(node);
        flagsAbove.push(flags);
        flags = this.#inner;
      } else {
        next = this.#following(node);
        while (!next && above.length) {
          flags = /** @type {number} */ (flagsAbove.pop());
          batch.push(NodeOp.end);
          next = this.#following(/** @type {Node} */ (above.pop()));
        }
      }
      node = next;
    }
    for (let level = above.length; level >= 0; level--) batch.push(NodeOp.end);
    return node;
  }

  /** Whether the content of an element is on the wire. @param {any} node */
  isOpaque(node) {
    if (native.nodeType(node) !== 1) return false;
    return OPAQUE.test(native.localName(node)) || (this.reader.tree.flags(node) & BLOCKED) !== 0;
  }

  /** The flags that hold for what is in a node. @param {Node} node @returns {number} */
  innerFlags(node) {
    const { tree, policy } = this.reader;
    if (native.nodeType(node) === 1) return tree.flags(node);
    const holder = tree.parent(node);
    const flags = holder ? this.innerFlags(holder) : policy.rootFlags;
    return designed.has(node) || isNewlyDesigned(node) ? flags | EDITED : flags;
  }

  /** What stands after a node, counted or not: after a shadow root its host's children. @param {any} node @returns {Node | null} */
  #following(node) {
    const next = native.nextSibling(node);
    return next || !this.#hasShadows || native.nodeType(node) !== 11 ? next : native.firstChild(node.host);
  }

  /** Reads what is no element; gives the first node inside. @param {any} node @param {number} type @param {number} flags @param {import('./policy.js').Marks} marks @returns {Node | null} */
  #other(node, type, flags, marks) {
    const { tree, batch, policy } = this.reader;
    tree.setInherited(node, flags);
    if (type === 3 || type === 4) {
      const text = native.nodeValue(node);
      const told = policy.text(text, flags);
      // Rules of a style sheet are no text, and what is told as it stands needs no second look.
      const isRules = told !== text && isStyle(node);
      batch.push(!isRules && policy.hidesText(flags) ? NodeOp.maskedText : NodeOp.text);
      batch.push(tree.number(node));
      batch.once(isRules ? text : told);
      return null;
    }
    batch.put(type === 10 ? NodeOp.doctype : type === 9 ? NodeOp.frameDocument : NodeOp.shadowRoot, tree.number(node));
    if (type === 10) {
      for (const text of [node.name, node.publicId, node.systemId]) batch.text(text);
      return null;
    }
    this.#hasShadows = true;
    policy.addMarks(node, marks);
    policy.noteSecrets(node);
    this.reader.rootFound(node);
    this.#inner = this.innerFlags(node);
    const first = native.firstChild(node);
    if (!first) batch.push(NodeOp.end);
    return first;
  }

  /** Reads an element; gives the first node inside that follows. @param {any} element @param {number} inherited @param {import('./policy.js').Marks} marks @returns {Node | null} */
  #element(element, inherited, marks) {
    const { tree, batch, policy } = this.reader;
    const tag = native.localName(element);
    const named = this.named(tag);
    const id = tree.number(element);
    let flags = inherited;
    if (inherited || named & IS_PECULIAR || marks.any.size) {
      flags = policy.flags(inherited, element, tag, marks);
      tree.setInherited(element, inherited);
      tree.setFlags(element, flags);
    }
    const isClosed = named & IS_OPAQUE || flags & BLOCKED;
    const inside = isClosed ? null : tree.firstIn(element, tag);
    const namespace = NAMESPACES[native.namespaceURI(element)] ?? 3;
    const head = batch.push(NodeOp.element | (namespace << 4) | (inside ? NodeOp.hasChildren : 0));
    batch.push(id);
    batch.text(tag);
    const count = tag === 'script' ? 0 : this.#attributes(element, tag, flags, !(named & IS_PECULIAR));
    if (count) batch.amend(head, count << 8);
    if (flags & BLOCKED) return null;
    if (named & IS_PECULIAR && namespace === 0) this.reader.fields.found(element, tag);
    if (tag === 'style' || tag === 'link') this.reader.sheets.found(element);
    this.#inner = flags;
    return inside;
  }

  /** What an element's name alone says; zero for most. @param {string} tag */
  named(tag) {
    let named = this.#names.get(tag);
    if (named === undefined) {
      named = (OPAQUE.test(tag) ? IS_OPAQUE : 0) | (PECULIAR.test(tag) ? IS_PECULIAR : 0);
      if (this.#names.size < NAMES_MAX) this.#names.set(tag, named);
    }
    return named;
  }

  /** Writes an element's attributes; returns how many. @param {any} element @param {string} tag @param {number} flags @param {boolean} isUsual */
  #attributes(element, tag, flags, isUsual) {
    const { batch, policy } = this.reader;
    if (flags & BLOCKED) return this.#blockedSize(element);
    const names = native.attributeNames(element);
    const { length } = names;
    const areOrdinary = isUsual && !policy.hidesText(flags);
    let count = 0;
    for (let i = 0; i < length; i++) {
      const name = names[i];
      let value = native.getAttribute(element, name);
      // Null for a name that HTML elements cannot have in markup; no page shows it.
      if (value !== null && !(areOrdinary && policy.ordinary.has(name))) value = policy.attribute(element, tag, name, value, flags, true);
      if (value === null) continue;
      batch.text(name);
      batch.text(value);
      count++;
    }
    return count;
  }

  /** A blocked element says how large it is and nothing else. @param {Element} element */
  #blockedSize(element) {
    const box = native.box(element);
    this.reader.batch.text('data-tandem-blocked');
    this.reader.batch.text(`${Math.round(box.width)}x${Math.round(box.height)}`);
    return 1;
  }
}

/** Finds the first node under `top` that is not on the wire yet, in document order, or null. @param {import('./reader.js').Reader} reader @param {Node} top @returns {Node | null} */
export function firstUnread(reader, top) {
  const { tree, walk } = reader;
  let node = /** @type {Node | null} */ (tree.first(top));
  while (node) {
    if (!tree.id(node)) return node;
    node = (walk.isOpaque(node) ? null : tree.first(node)) ?? tree.after(node);
  }
  return null;
}

/** Documents in which the visitor could type anywhere, for a while at least. @type {WeakSet<Node>} */
const designed = new WeakSet();

/** Whether the visitor may type anywhere in a document since it was last asked. @param {any} root */
export function isNewlyDesigned(root) {
  return !designed.has(root) && native.designMode(root) === 'on' && designed.add(root);
}

/** Whether a text is the rules of a style sheet. @param {Node} text */
export function isStyle(text) {
  const parent = native.parentNode(text);
  return parent !== null && native.nodeType(parent) === 1 && native.localName(parent) === 'style';
}
