//! What form fields hold: told when a field is read, after the visitor's input, and when the page sets a value by
//! itself, which no event tells and `values.js` looks for.

import { listen } from './listen.js';
import * as native from './native.js';
import * as FieldOp from './field-op.js';
import * as Op from './op.js';

const FIELDS = new Set(['input', 'textarea', 'option']);
/** Inputs whose value is a label that the page has written. */
const BUTTONS = new Set(['submit', 'button', 'reset', 'image']);

/** @typedef {{op: number, value: string | number}} State */

export class FieldSignal {
  /** What the wire says of each field. @type {Map<Element, State | null>} */
  #told = new Map();
  /** Fields of the run that is being read; they are told after it. @type {Element[]} */
  #found = [];
  /** Fields that were told as masked: what was typed there is no label, whatever their type becomes. @type {WeakSet<Element>} */
  #typed = new WeakSet();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  restart() {
    this.#told.clear();
    this.#found = [];
  }

  /** @param {Document | ShadowRoot} root @param {AbortSignal} signal */
  listen(root, signal) {
    listen(root, 'input change reset', () => this.reader.mutations.recheck(), signal);
  }

  /** @param {Element} element @param {string} tag */
  found(element, tag) {
    if (FIELDS.has(tag)) this.#found.push(element);
  }

  /** @param {Element} element */
  forgotten(element) {
    this.#told.delete(element);
  }

  /** Looks again at a field of which an attribute has changed. @param {Element} element */
  changed(element) {
    if (this.#told.has(element)) this.#told.set(element, null);
  }

  /** Sends what has changed without any event. */
  look() {
    for (const [field, told] of this.#told) {
      if (!isSame(told, this.#state(field))) return this.reader.mutations.recheck();
    }
  }

  /** Writes the fields that were read and those that hold something else by now. */
  flush() {
    this.tell();
    for (const [field, told] of this.#told) this.#write(field, told);
  }

  /** Writes the fields that were read. */
  tell() {
    for (const field of this.#found) if (this.reader.tree.id(field)) this.#write(field, null);
    this.#found = [];
  }

  /** @param {Element} field @param {State | null} told */
  #write(field, told) {
    const { batch, tree } = this.reader;
    const state = this.#state(field);
    if (isSame(told, state)) return;
    this.#told.set(field, state);
    batch.put(Op.field, tree.id(field), state.op);
    if (typeof state.value === 'string') batch.text(state.value);
    else if (state.op === FieldOp.masked || state.op === FieldOp.chosen) batch.push(state.value);
  }

  /** @param {any} field @returns {State} */
  #state(field) {
    const { policy, tree } = this.reader;
    const tag = native.localName(field);
    const flags = tree.flags(field);
    const isShown = policy.showsFields(flags);
    if (tag === 'option') return choice(isShown, native.optionSelected(field));
    if (policy.isSecret(field, tag)) return { op: FieldOp.secret, value: 0 };
    const type = tag === 'input' ? native.inputType(field) : 'textarea';
    if (type === 'checkbox' || type === 'radio') return choice(isShown, native.inputChecked(field));
    const value = tag === 'input' ? native.inputValue(field) : native.areaValue(field);
    const isLabel = BUTTONS.has(type) && !policy.hidesText(flags) && !this.#typed.has(field);
    if (isShown || isLabel) return { op: FieldOp.shown, value };
    this.#typed.add(field);
    return { op: FieldOp.masked, value: value.length };
  }
}

/** @param {boolean} isShown @param {boolean} isChosen @returns {State} */
function choice(isShown, isChosen) {
  return isShown ? { op: FieldOp.chosen, value: isChosen ? 1 : 0 } : { op: FieldOp.chosenHidden, value: 0 };
}

/** @param {State | null} a @param {State} b */
function isSame(a, b) {
  return a !== null && a.op === b.op && a.value === b.value;
}
