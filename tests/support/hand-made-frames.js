// Frames that no recorder makes: pages written straight into the wire format, so that the viewer's own rules are all
// that stands between them and the agent.

const COLUMNS = 15;
const [OPS, IDS, NUMBERS, STRUCTURE, NODE_IDS, SHAPES, NAMES, VALUES, TEXTS] = [0, 1, 2, 3, 4, 5, 6, 9, 12];
const [DOCUMENT, PLACE, OWNED_SHEET, ADOPTED_SHEET, ASSET, PICTURE] = [1, 2, 12, 13, 20, 21];
const [END, TEXT, DOCTYPE, SHADOW_ROOT, FRAME_DOCUMENT, NEW_SHAPE] = [0, 1, 2, 3, 4, 6];
const NAMESPACES = { html: 0, svg: 1, math: 2, other: 3 };

/**
 * @typedef {string | {doctype: string} | {shadow: Node[]} | {frame: Node[]} | [string, Record<string, string>?, ...Node[]]} Node
 * An element is a list: its name, with `svg:` and the like before it, its attributes and what is in it.
 */

export class Page {
  #columns = Array.from({ length: COLUMNS }, () => []);
  #lastNamed = 0;
  #nextId = 2;
  /** The ids of elements by their `id` attribute. */
  ids = {};

  /** @param {Node[]} nodes */
  constructor(nodes) {
    this.#op(DOCUMENT);
    this.#number(0);
    for (const text of ['http://visitor.test/', 'http://visitor.test/', 'Hostile']) this.#string(VALUES, text);
    this.#op(PLACE);
    this.#id(1);
    this.#id(0);
    put(this.#columns[NODE_IDS], 4);
    put(this.#columns[NODE_IDS], 1_000_000);
    for (const node of nodes) this.#node(node);
    put(this.#columns[STRUCTURE], END);
  }

  /** Gives an element rules of its own. */
  owned(id, css) {
    this.#op(OWNED_SHEET);
    this.#id(this.ids[id]);
    this.#string(VALUES, 'http://visitor.test/');
    this.#string(TEXTS, css);
    return this;
  }

  /** Has the document adopt rules. */
  adopted(css) {
    this.#op(ADOPTED_SHEET);
    this.#id(1);
    this.#number(0);
    this.#string(VALUES, 'http://visitor.test/');
    this.#string(TEXTS, css);
    return this;
  }

  /** Shows an element as a picture. */
  picture(id, data) {
    this.#op(ASSET);
    this.#number(1);
    this.#string(TEXTS, data);
    this.#op(PICTURE);
    this.#id(this.ids[id]);
    for (const number of [1, 1_000]) this.#number(number);
    return this;
  }

  /** Gives the page as one whole keyframe. */
  frame() {
    const payload = [];
    put(payload, (1 << COLUMNS) - 1);
    for (const column of this.#columns) put(payload, column.length);
    return frameOf(2, 3, payload.concat(...this.#columns));
  }

  #node(node) {
    if (typeof node === 'string') {
      this.#code(TEXT);
      this.#string(TEXTS, node);
    } else if (Array.isArray(node)) this.#element(node);
    else if ('doctype' in node) {
      this.#code(DOCTYPE);
      for (const text of [node.doctype, '', '']) this.#string(VALUES, text);
    } else this.#inner('shadow' in node ? SHADOW_ROOT : FRAME_DOCUMENT, node.shadow ?? node.frame);
  }

  #inner(code, children) {
    this.#code(code);
    for (const child of children) this.#node(child);
    put(this.#columns[STRUCTURE], END);
  }

  #element([name, attributes = {}, ...children]) {
    const [, space = 'html', tag] = /^(?:(html|svg|math|other):)?(.*)$/s.exec(name);
    const id = this.#code(NEW_SHAPE);
    if (attributes.id) this.ids[attributes.id] = id;
    put(this.#columns[SHAPES], (NAMESPACES[space] << 1) | (children.length ? 1 : 0));
    put(this.#columns[SHAPES], Object.keys(attributes).length);
    this.#string(NAMES, tag);
    for (const key of Object.keys(attributes)) this.#string(NAMES, key);
    for (const value of Object.values(attributes)) this.#string(VALUES, value);
    if (!children.length) return;
    for (const child of children) this.#node(child);
    put(this.#columns[STRUCTURE], END);
  }

  #code(code) {
    put(this.#columns[STRUCTURE], code);
    return this.#nextId++;
  }

  #op(op) {
    put(this.#columns[OPS], op);
  }

  #id(id) {
    const gap = id - this.#lastNamed;
    put(this.#columns[IDS], gap < 0 ? -gap * 2 - 1 : gap * 2);
    this.#lastNamed = id;
  }

  #number(number) {
    put(this.#columns[NUMBERS], number);
  }

  #string(first, text) {
    const bytes = Buffer.from(text);
    put(this.#columns[first], 1);
    put(this.#columns[first + 1], bytes.length);
    for (const byte of bytes) this.#columns[first + 2].push(byte);
  }
}

/** A frame of any kind with any payload. @param {number} kind @param {number} flags @param {number[]} payload @returns {number[]} */
export function frameOf(kind, flags, payload, sequence = 0) {
  const header = Buffer.alloc(16);
  header.set([1, kind, flags, 0]);
  header.writeUInt32LE(sequence, 4);
  header.writeUInt32LE(payload.length, 12);
  return [...header, ...payload];
}

function put(column, number) {
  let rest = number;
  while (rest >= 0x80) {
    column.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  column.push(rest);
}
