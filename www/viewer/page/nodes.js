//! The nodes of the rebuilt page by number, and the loop that makes many of them at once: a call per node and
//! attribute from the module would cost more than what it calls. What is made, and whether it may be, is decided in
//! `crates/viewer/src/builder.rs`; nothing here looks at a name or a value, and nothing is ever parsed.

/** Words that begin a step; the module has the same in `crates/viewer/src/plan.rs`. */
const [END, TEXT, ELEMENT, KNOWN, SHADOW_ROOT, DOCTYPE, COPY] = [0, 1, 2, 3, 4, 5, 6];
const KIND = 0xf;
/** Added to a step inside which the following ones stand, up to its end. */
const OPEN = 0x10;
/** Added to an element that says its namespace. */
const FOREIGN = 0x20;
/** How far the count of attributes is shifted in an element's word. */
const COUNT_SHIFT = 8;
/** Added to the name of an attribute that has a namespace. */
const [XLINK, XML] = [0x40000000, 0x20000000];
const XLINK_URL = 'http://www.w3.org/1999/xlink';
const XML_URL = 'http://www.w3.org/XML/1998/namespace';

// The page's own elements may answer to names of methods, so each is taken where it is made.
const { createElement, createElementNS, createTextNode } = Document.prototype;
const { setAttribute, setAttributeNS, attachShadow } = Element.prototype;
const { appendChild, cloneNode } = Node.prototype;

export class Nodes {
  /** @type {Map<number, Node>} */
  #nodes = new Map();

  /** @param {number} id */
  get(id) {
    return this.#nodes.get(id);
  }

  /** @param {number} id @param {Node} node */
  set(id, node) {
    this.#nodes.set(id, node);
  }

  /** @param {number} id */
  forget(id) {
    this.#nodes.delete(id);
  }

  /** The number of a node, or 0. Looks through all of them. @param {Node} wanted */
  idOf(wanted) {
    for (const [id, node] of this.#nodes) if (node === wanted) return id;
    return 0;
  }

  /**
   * Makes what `words` say, each node inside the one that is open; those at the top get no place.
   * @param {Document} document @param {Uint32Array} words
   * @param {Uint32Array} units how long each string is that the words name by number @param {string} text the strings
   */
  build(document, words, units, text) {
    const strings = cut(text, units);
    const nodes = this.#nodes;
    /** @type {(Node | null)[]} */
    const above = [];
    /** @type {Node | null} */
    let parent = null;
    let at = 0;
    while (at < words.length) {
      const head = words[at++];
      const kind = head & KIND;
      if (kind === END) {
        parent = above.pop() ?? null;
        continue;
      }
      const id = words[at++];
      /** @type {Node | null} */
      let node = null;
      if (kind === TEXT) {
        node = createTextNode.call(document, strings[words[at++]]);
      } else if (kind === ELEMENT) {
        const namespace = head & FOREIGN ? strings[words[at++]] : null;
        const element = create(document, namespace, strings[words[at++]]);
        for (const end = at + 2 * (head >>> COUNT_SHIFT); at < end; at += 2) set(element, words[at], strings, words[at + 1]);
        node = element;
      } else if (kind === COPY) {
        // One that was made a moment ago, of which the same is said; what has come to stand in it is not copied.
        node = cloneNode.call(nodes.get(words[at++]), false);
      } else if (kind === KNOWN) {
        node = nodes.get(id) ?? null;
      } else if (kind === SHADOW_ROOT) {
        const root = shadowOf(nodes.get(words[at++]));
        if (root) nodes.set(id, root);
        above.push(parent);
        parent = root;
        continue;
      } else if (kind === DOCTYPE) {
        node = doctype(document, strings[words[at]], strings[words[at + 1]], strings[words[at + 2]]);
        at += 3;
      }
      if (node && kind !== KNOWN) nodes.set(id, node);
      if (node && parent) append(parent, node);
      if (head & OPEN) {
        above.push(parent);
        parent = node;
      }
    }
  }
}

/** @param {string} text @param {Uint32Array} units @returns {string[]} */
function cut(text, units) {
  const strings = [];
  let from = 0;
  for (let i = 0; i < units.length; i++) strings.push(text.slice(from, (from += units[i])));
  return strings;
}

/** @param {Document} document @param {string | null} namespace @param {string} name */
function create(document, namespace, name) {
  try {
    return namespace === null ? createElement.call(document, name) : createElementNS.call(document, namespace, name);
  } catch {
    // A parser accepts names that `createElement` refuses; such an element has no meaning but its place.
    return createElement.call(document, 'div');
  }
}

/** @param {Element} element @param {number} name @param {string[]} strings @param {number} value */
function set(element, name, strings, value) {
  try {
    if (name < XML) setAttribute.call(element, strings[name], strings[value]);
    else setAttributeNS.call(element, name & XML ? XML_URL : XLINK_URL, strings[name & ~(XLINK | XML)], strings[value]);
  } catch {
    // A name that the browser's parser accepts and this refuses.
  }
}

/** @param {any} host */
function shadowOf(host) {
  try {
    return attachShadow.call(host, { mode: 'open' });
  } catch {
    return host?.shadowRoot ?? null;
  }
}

/** @param {Document} document @param {string} name @param {string} publicId @param {string} systemId */
function doctype(document, name, publicId, systemId) {
  try {
    return document.implementation.createDocumentType(name, publicId, systemId);
  } catch {
    return null;
  }
}

/** @param {Node} parent @param {Node} node */
function append(parent, node) {
  try {
    appendChild.call(parent, node);
  } catch {
    // What the DOM refuses, as a second root element, stays out of the page.
  }
}
