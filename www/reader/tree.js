//! What the reader knows of the page's nodes: their numbers, their flags, their neighbours that count.

import * as native from './native.js';

export class Tree {
  /** @type {WeakMap<Node, number>} */
  #ids = new WeakMap();
  /** Effective flags of elements, where they are not zero. @type {WeakMap<Node, number>} */
  #flags = new WeakMap();
  /** Flags that a node was read under, where they are not zero. @type {WeakMap<Node, number>} */
  #inherited = new WeakMap();
  /** Documents of frames, kept because a removed frame no longer tells. @type {WeakMap<Node, Document>} */
  frames = new WeakMap();
  /** The frame element of a document inside it. @type {WeakMap<Node, Element>} */
  owners = new WeakMap();
  /** Closed shadow roots that were made during the session. @type {WeakMap<Node, ShadowRoot>} */
  closedRoots = new WeakMap();
  /** Never begun anew: a number that an agent still has in mind names no other node. The document's is 1. */
  nextId = 2;

  /** @param {Node} node */
  id(node) {
    return this.#ids.get(node) ?? 0;
  }

  /** Gives the node the next number. @param {Node} node */
  number(node) {
    const id = this.nextId++;
    this.#ids.set(node, id);
    return id;
  }

  /** @param {Node} node */
  flags(node) {
    return this.#flags.get(node) ?? 0;
  }

  /** @param {Node} node @param {number} flags */
  setFlags(node, flags) {
    if (flags) this.#flags.set(node, flags);
  }

  /** The flags that a node was read under. @param {Node} node */
  inherited(node) {
    return this.#inherited.get(node) ?? 0;
  }

  /** @param {Node} node @param {number} flags */
  setInherited(node, flags) {
    if (flags) this.#inherited.set(node, flags);
  }

  /** Forgets every number: the page is read again. @param {Document} document */
  restart(document) {
    this.#ids = new WeakMap([[document, 1]]);
    this.#flags = new WeakMap();
    this.#inherited = new WeakMap();
  }

  /** Forgets a subtree's numbers. @param {Node} root @param {(node: Node, id: number) => void} onForgotten */
  forget(root, onForgotten) {
    const waiting = [root];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      const id = this.#ids.get(node);
      if (id) {
        this.#ids.delete(node);
        onForgotten(node, id);
      }
      this.#flags.delete(node);
      this.#inherited.delete(node);
      const inner = this.shadowRoot(node) ?? this.frames.get(node);
      if (inner) waiting.push(inner);
      for (let child = native.firstChild(node); child; child = native.nextSibling(child)) waiting.push(child);
    }
  }

  /** Returns the shadow root of a node as far as it can be known. @param {any} node @returns {ShadowRoot | undefined} */
  shadowRoot(node) {
    if (native.nodeType(node) !== 1) return undefined;
    return native.openShadowRoot(node) ?? this.closedRoots.get(node);
  }

  /** The document inside a frame element, when it may be read. @param {any} node @returns {Document | undefined} */
  frameDocument(node) {
    if (native.nodeType(node) !== 1 || native.localName(node) !== 'iframe') return undefined;
    const inner = native.frameDocument(node);
    if (inner) {
      this.frames.set(node, inner);
      this.owners.set(inner, node);
    }
    return inner ?? undefined;
  }

  /** The node that holds this one on the wire: also the host of a shadow root and the frame of a document. @param {any} node @returns {Node | null} */
  parent(node) {
    return native.parentNode(node) ?? (native.nodeType(node) === 11 ? node.host : this.owners.get(node)) ?? null;
  }

  /** The first node inside another: a shadow root stands before the children, a frame holds its document. @param {any} node @returns {Node | null} */
  first(node) {
    const inside = native.nodeType(node) === 1 ? this.firstIn(node, native.localName(node)) : native.firstChild(node);
    return inside && native.parentNode(inside) ? counted(inside) : inside;
  }

  /** The same for an element whose name is known, counted or not. @param {any} element @param {string} tag @returns {Node | null} */
  firstIn(element, tag) {
    const root = native.openShadowRoot(element) ?? this.closedRoots.get(element);
    return root ?? (tag === 'iframe' ? this.frameDocument(element) : null) ?? native.firstChild(element);
  }

  /** The next node on the same level. @param {any} node @returns {Node | null} */
  next(node) {
    const type = native.nodeType(node);
    if (type === 11) return counted(native.firstChild(node.host));
    return type === 9 ? null : nextCounted(node);
  }

  /** The node before this one on the same level. @param {any} node @returns {Node | null} */
  previous(node) {
    const type = native.nodeType(node);
    if (type === 11 || type === 9) return null;
    const parent = native.parentNode(node);
    return previousCounted(node) ?? (parent && this.shadowRoot(parent)) ?? null;
  }

  /** The node that follows a subtree in document order. @param {Node} node @returns {Node | null} */
  after(node) {
    for (let at = /** @type {Node | null} */ (node); at; at = this.parent(at)) {
      const next = this.next(at);
      if (next) return next;
    }
    return null;
  }
}

/** What Tandem has added to the page, beside its body. @type {WeakSet<Node>} */
const own = new WeakSet();

/** Finds what Tandem has added, before nodes are counted. @param {Document} document */
export function noteOwn(document) {
  const top = native.documentElement(document);
  for (let child = top && native.firstChild(top); child; child = native.nextSibling(child)) {
    if (native.nodeType(child) === 1 && native.hasAttribute(child, 'data-tandem-host')) own.add(child);
  }
}

/** @param {Node} node */
export function isOwn(node) {
  return own.has(node);
}

/** Whether a node is on the wire at all: no comments, nothing of Tandem's own. @param {any} node */
export function counts(node) {
  const type = native.nodeType(node);
  if (type === 1) return !own.has(node);
  return type === 3 || type === 4 || type === 10;
}

/** @param {Node} node @returns {Node | null} */
function nextCounted(node) {
  let next = native.nextSibling(node);
  while (next && !counts(next)) next = native.nextSibling(next);
  return next;
}

/** @param {Node} node @returns {Node | null} */
function previousCounted(node) {
  let previous = native.previousSibling(node);
  while (previous && !counts(previous)) previous = native.previousSibling(previous);
  return previous;
}

/** The node itself, or the first after it that counts. @param {Node | null} node @returns {Node | null} */
function counted(node) {
  return node && !counts(node) ? nextCounted(node) : node;
}
