//! Rules of style sheets that the markup does not show: linked sheets of the same origin, sheets that scripts have
//! filled, and adopted ones.

import { bare } from './address.js';
import { listen } from './listen.js';
import * as native from './native.js';
import * as Op from './op.js';
import { afterCall } from './patch.js';

const WRITERS = ['insertRule', 'deleteRule', 'replace', 'replaceSync'];

export class SheetSignal {
  /** Elements whose sheet has to be looked at. @type {Set<any>} */
  #dirty = new Set();
  /** Elements whose rules differ from their text because a script has changed them. @type {WeakSet<Element>} */
  #scripted = new WeakSet();
  /** What each root has adopted, as the wire knows it. @type {Map<Document | ShadowRoot, CSSStyleSheet[]>} */
  #adopted = new Map();
  /** Adopted sheets that a script has changed since. @type {Set<CSSStyleSheet>} */
  #changedSheets = new Set();

  /** Says the rules of a sheet; the second module says those of imported ones as well. */
  rules = ownRules;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /** Notices rules that scripts insert. @param {AbortSignal} signal */
  start(signal) {
    for (const name of WRITERS) afterCall(CSSStyleSheet.prototype, name, signal, (sheet) => this.written(sheet));
  }

  restart() {
    this.#adopted.clear();
    this.#dirty.clear();
  }

  /** @param {Document | ShadowRoot} root @param {AbortSignal} signal */
  listen(root, signal) {
    const onLoad = (/** @type {any} */ event) => {
      const target = event.target;
      if (native.nodeType(target) === 1 && native.localName(target) === 'link') this.changed(target);
    };
    listen(root, 'load', onLoad, signal);
  }

  /** @param {Element} element */
  found(element) {
    this.#dirty.add(element);
  }

  /** @param {any} element */
  changed(element) {
    this.#dirty.add(element);
    this.reader.mutations.schedule();
  }

  flush() {
    for (const element of this.#dirty) if (this.reader.tree.id(element)) this.#owned(element);
    this.#dirty.clear();
    for (const root of this.reader.roots) this.#adoptedBy(root);
    this.#changedSheets.clear();
  }

  /** The rules of a sheet are others than its text says. @param {CSSStyleSheet} sheet */
  written(sheet) {
    const owner = /** @type {any} */ (sheet.ownerNode);
    if (owner) {
      this.#scripted.add(owner);
      this.changed(owner);
    } else {
      this.#changedSheets.add(sheet);
      this.reader.mutations.schedule();
    }
  }

  /** @param {any} element */
  #owned(element) {
    const sheet = element.sheet;
    if (!sheet || !(native.localName(element) === 'link' || this.#isFilledByScript(element, sheet))) return;
    const css = this.rules(sheet);
    if (css === null) return;
    this.reader.batch.put(Op.ownedSheet, this.reader.tree.id(element));
    this.#text(sheet, css);
  }

  /** @param {Element} element @param {CSSStyleSheet} sheet */
  #isFilledByScript(element, sheet) {
    return this.#scripted.has(element) || (native.textContent(element).trim() === '' && (sheet.cssRules?.length ?? 0) > 0);
  }

  /** @param {any} root */
  #adoptedBy(root) {
    const sheets = native.adopted(root);
    const told = this.#adopted.get(root) ?? [];
    if (!sheets.length && !told.length) return;
    const { batch, tree } = this.reader;
    sheets.forEach((sheet, index) => {
      if (told[index] === sheet && !this.#changedSheets.has(sheet)) return;
      batch.put(Op.adoptedSheet, tree.id(root), index);
      this.#text(sheet, this.rules(sheet) ?? '');
    });
    if (told.length > sheets.length) batch.put(Op.adoptedCount, tree.id(root), sheets.length);
    this.#adopted.set(root, sheets);
  }

  /** @param {CSSStyleSheet} sheet @param {string} css */
  #text(sheet, css) {
    const { batch, document } = this.reader;
    batch.text(bare(sheet.href ?? native.baseURI(document)));
    batch.sharedText(sheet, css);
  }
}

/** Returns the rules of a sheet as they stand in it, or null when they may not be read. @param {CSSStyleSheet} sheet @returns {string | null} */
function ownRules(sheet) {
  try {
    return sheet.disabled ? '' : Array.from(sheet.cssRules, (rule) => rule.cssText).join('\n');
  } catch {
    return null;
  }
}
