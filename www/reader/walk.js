//! Reads nodes into a batch: one node with its attributes, or a whole run of siblings with everything in them.

import * as native from './native.js';
import * as NodeOp from './node-op.js';
import * as Op from './op.js';
import { BLOCKED, EDITED } from './policy.js';

/** @type {Record<string, number>} */
const NAMESPACES = { 'http://www.w3.org/1999/xhtml': 0, 'http://www.w3.org/2000/svg': 1, 'http://www.w3.org/1998/Math/MathML': 2 };
/** Elements whose content is never read: code, or what a field's value says anyway. */
const OPAQUE = new Set(['script', 'noscript', 'textarea', 'object', 'embed', 'template']);
const FIELDS = new Set(['input', 'textarea', 'option', 'select']);

export class Walk {
  /** The first node inside of the element that was read last. @type {Node | null} */
  #inside = null;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** Nodes that were taken out of their place and wait to be met at their new one. @type {Set<Node>} */
    this.moving = new Set();
  }

  /**
   * Reads `start` and its following siblings with everything in them, as long as `goesOn` agrees and no node comes
   * that is on the wire already. Returns the node to go on with, or null at the end of what the parent holds.
   * @param {Node} start @param {import('./policy.js').Marks} marks @param {(node: Node) => boolean} goesOn
   * @returns {Node | null}
   */
  run(start, marks, goesOn) {
    const { tree, batch } = this.reader;
    const parent = /** @type {Node} */ (tree.parent(start));
    const previous = tree.previous(start);
    batch.put(Op.place, tree.id(parent), previous ? tree.id(previous) : 0);
    /** The flags of the levels above. @type {number[]} */
    const above = [];
    let flags = this.innerFlags(parent);
    let node = /** @type {Node | null} */ (start);
    while (node) {
      const isOpen = this.#node(node, flags, marks);
      /** @type {Node | null} */
      let next = isOpen ? (this.#inside ?? tree.first(node)) : null;
      if (next) {
        above.push(flags);
        flags = this.innerFlags(node);
      } else {
        if (isOpen) batch.push(NodeOp.end);
        next = tree.next(node);
        while (!next && above.length) {
          node = /** @type {Node} */ (tree.parent(node));
          flags = /** @type {number} */ (above.pop());
          batch.push(NodeOp.end);
          next = tree.next(node);
        }
      }
      node = next;
      if (node && (!goesOn(node) || (tree.id(node) && !this.moving.has(node)))) break;
    }
    for (let level = above.length; level >= 0; level--) batch.push(NodeOp.end);
    return node;
  }

  /** Whether the content of an element is on the wire. @param {any} node */
  isOpaque(node) {
    if (native.nodeType(node) !== 1) return false;
    return OPAQUE.has(native.localName(node)) || (this.reader.tree.flags(node) & BLOCKED) !== 0;
  }

  /** The flags that hold for what is in a node. @param {Node} node @returns {number} */
  innerFlags(node) {
    const { tree, policy } = this.reader;
    if (native.nodeType(node) === 1) return tree.flags(node);
    const holder = tree.parent(node);
    const flags = holder ? this.innerFlags(holder) : policy.rootFlags;
    return designed.has(node) || isNewlyDesigned(node) ? flags | EDITED : flags;
  }

  /** Reads one node; answers whether its content follows. @param {any} node @param {number} flags @param {import('./policy.js').Marks} marks */
  #node(node, flags, marks) {
    const { tree, batch, policy } = this.reader;
    const known = tree.id(node);
    if (known) {
      batch.put(NodeOp.moved, known);
      this.moving.delete(node);
      return false;
    }
    tree.setInherited(node, flags);
    this.#inside = null;
    const type = native.nodeType(node);
    if (type === 1) return this.#element(node, flags, marks);
    const op = type === 10 ? NodeOp.doctype : type === 9 ? NodeOp.frameDocument : type === 11 ? NodeOp.shadowRoot : 0;
    if (op) {
      batch.put(op, tree.number(node));
      if (type === 10) for (const text of [node.name, node.publicId, node.systemId]) batch.text(text);
      else {
        policy.addMarks(node, marks);
        policy.noteSecrets(node);
        this.reader.rootFound(node);
      }
      return type !== 10;
    }
    const text = native.nodeValue(node);
    const told = policy.text(text, flags);
    // Rules of a style sheet are no text, and what is told as it stands needs no second look.
    const isRules = told !== text && isStyle(node);
    batch.push(!isRules && policy.hidesText(flags) ? NodeOp.maskedText : NodeOp.text);
    batch.push(tree.number(node));
    batch.text(isRules ? text : told);
    return false;
  }

  /** @param {any} element @param {number} inherited @param {import('./policy.js').Marks} marks */
  #element(element, inherited, marks) {
    const { tree, batch, policy } = this.reader;
    const tag = native.localName(element);
    const id = tree.number(element);
    const flags = policy.flags(inherited, element, tag, marks);
    tree.setFlags(element, flags);
    const isOpaque = OPAQUE.has(tag) || (flags & BLOCKED) !== 0;
    if (!isOpaque) this.#inside = tree.firstIn(element, tag);
    const isOpen = this.#inside !== null;
    const namespace = NAMESPACES[native.namespaceURI(element)] ?? 3;
    const head = this.#head(NodeOp.element | (namespace << 4) | (isOpen ? NodeOp.hasChildren : 0), id, tag);
    batch.amend(head, this.#attributes(element, tag, flags) << 8);
    if (flags & BLOCKED) return false;
    if (namespace === 0 && FIELDS.has(tag)) this.reader.fields.found(element, tag);
    if (tag === 'style' || tag === 'link') this.reader.sheets.found(element);
    return isOpen;
  }

  /** @param {number} word @param {number} id @param {string} tag */
  #head(word, id, tag) {
    const { batch } = this.reader;
    const head = batch.push(word);
    batch.push(id);
    batch.text(tag);
    return head;
  }

  /** Writes an element's attributes; returns how many. @param {any} element @param {string} tag @param {number} flags */
  #attributes(element, tag, flags) {
    const { batch, policy } = this.reader;
    if (flags & BLOCKED) return this.#blockedSize(element);
    if (tag === 'script') return 0;
    const list = native.attributes(element);
    let count = 0;
    for (let i = 0; i < list.length; i++) {
      const name = native.attributeName(list[i]);
      const value = policy.attribute(element, tag, name, native.attributeValue(list[i]), flags);
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

/** @param {Node} text */
function isStyle(text) {
  const parent = native.parentNode(text);
  return parent !== null && native.nodeType(parent) === 1 && native.localName(parent) === 'style';
}
