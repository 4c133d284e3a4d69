//! What may be read: decides for each element and field what is masked, blocked or secret, before it is read.

import * as native from './native.js';

/** Text, attributes and fields of the element and what is in it are masked. */
export const MASKED = 1;
/** The site has named the element as visible: its ordinary fields are shown. */
export const UNMASKED = 2;
/** The element is a grey box; nothing in it is read. */
export const BLOCKED = 4;
/** The text is typed by the visitor, so it is masked as a field's value is. */
export const EDITED = 8;

const SECRET_AUTOCOMPLETE = /(^|\s)(cc-[a-z-]+|current-password|new-password|one-time-code)(\s|$)/i;
/** @type {('mask' | 'unmask' | 'block' | 'edit')[]} */
const KINDS = ['mask', 'unmask', 'block', 'edit'];
const BULLET = '\u2022';
const URLS = /^(?:src|srcset|href|xlink:href|poster|background|cite|data)$/;
/** What an attribute of a masked element may still say: how it looks, not what it means. */
const PLAIN = /^(?:class|id|style|type|role|dir|lang|hidden|disabled|multiple|colspan|rowspan|width|height|size|rows|cols|open|for|viewBox|d|transform|fill|contenteditable)$/;
/** Attributes that the rebuilt page has no use for. */
const DROPPED = /^(?:on|nonce$|srcdoc$|integrity$|ping$|action$|formaction$|target$|autofocus$|http-equiv$)/;

/**
 * @typedef {{profile: 'standard' | 'strict', mask?: string[], unmask?: string[], block?: string[]}} PolicyConfig
 * @typedef {{mask: Set<Element>, unmask: Set<Element>, block: Set<Element>, edit: Set<Element>, any: Set<Element>}} Marks
 */

export class Policy {
  /** Fields that were secret once stay so, whatever their type becomes. @type {WeakSet<Element>} */
  #secret = new WeakSet();

  #selectors;
  /** Which attributes are left out, so that each name is tried once. @type {Map<string, boolean>} */
  #dropped = new Map();
  #any;
  /** @type {Marks | undefined} */
  #lastMarks;

  /** @param {PolicyConfig} config */
  constructor(config) {
    this.isStrict = config.profile === 'strict';
    this.#selectors = {
      mask: join('[data-tandem-mask]', config.mask),
      unmask: join('[data-tandem-unmask]', config.unmask),
      block: join('[data-tandem-block]', config.block),
      edit: 'select,[contenteditable]:not([contenteditable=false])',
    };
    this.#any = KINDS.map((kind) => this.#selectors[kind]).join(',');
    /** Whether selectors of the site may match differently after any change of an attribute. */
    this.hasSelectors = [config.mask, config.unmask, config.block].some((list) => list && list.length > 0);
  }

  /** The flags that hold at the top of a page. */
  get rootFlags() {
    return this.isStrict ? MASKED : 0;
  }

  /** Finds the marked elements of whole trees in one go. @param {Iterable<any>} roots @returns {Marks} */
  marksOf(roots) {
    const marks = noMarks();
    for (const root of roots) this.addMarks(root, marks);
    return marks;
  }

  /** Adds the marked elements of one tree; the trees of shadow roots in it are others. @param {any} root @param {Marks} marks */
  addMarks(root, marks) {
    const type = native.nodeType(root);
    if (type !== 1 && type !== 9 && type !== 11) return;
    if (type === 1) this.#mark(root, marks);
    for (const element of native.queryAll(root, this.#any)) this.#mark(element, marks);
  }

  /** Returns the elements that are marked otherwise than when this was last asked. @param {Iterable<any>} roots @returns {Set<Element>} */
  changedMarks(roots) {
    const marks = this.marksOf(roots);
    /** @type {Set<Element>} */
    const changed = new Set();
    for (const kind of KINDS) {
      const before = this.#lastMarks?.[kind] ?? new Set();
      for (const element of marks[kind]) if (!before.has(element)) changed.add(element);
      for (const element of before) if (!marks[kind].has(element)) changed.add(element);
    }
    this.#lastMarks = marks;
    return changed;
  }

  /** Remembers every secret field of a tree before any of it is read. @param {any} root */
  noteSecrets(root) {
    for (const field of native.queryAll(root, 'input')) this.isSecret(field, 'input');
  }

  /** Returns the flags of an element from those of its parent. @param {number} inherited @param {Element} element @param {Marks} marks */
  flags(inherited, element, marks) {
    if (marks.any.size === 0 || !marks.any.has(element)) return inherited;
    let flags = inherited;
    if (marks.unmask.has(element)) flags = (flags & ~(MASKED | EDITED)) | UNMASKED;
    if (marks.mask.has(element)) flags = (flags | MASKED) & ~UNMASKED;
    if (marks.block.has(element)) flags |= BLOCKED;
    return marks.edit.has(element) && !(flags & UNMASKED) ? flags | EDITED : flags;
  }

  /** Whether nothing of a field may be told, not even how long it is. @param {any} field @param {string} tag */
  isSecret(field, tag) {
    if (this.#secret.has(field)) return true;
    let isSecret = SECRET_AUTOCOMPLETE.test(native.getAttribute(field, 'autocomplete') ?? '');
    if (tag === 'input') {
      const type = native.inputType(field);
      isSecret ||= type === 'password' || type === 'hidden' || type === 'file';
    }
    if (isSecret) this.#secret.add(field);
    return isSecret;
  }

  /** Whether a field's value may be shown as it is. @param {number} flags */
  showsFields(flags) {
    return (flags & UNMASKED) !== 0;
  }

  /** Whether text in an element of these flags is masked. @param {number} flags */
  hidesText(flags) {
    return (flags & (MASKED | EDITED)) !== 0;
  }

  /**
   * Returns the value that may be told of an attribute, or null when the attribute is left out.
   * @param {any} element @param {string} tag @param {string} name @param {string} value @param {number} flags
   * @returns {string | null}
   */
  attribute(element, tag, name, value, flags) {
    let isDropped = this.#dropped.get(name);
    if (isDropped === undefined) this.#dropped.set(name, (isDropped = DROPPED.test(name)));
    if (isDropped) return null;
    if (tag === 'input' || tag === 'textarea' || tag === 'option' || tag === 'select') {
      if (name === 'checked' || name === 'selected') return null;
      if (name === 'value' && (!this.showsFields(flags) || this.isSecret(element, tag))) return null;
    }
    if (!this.hidesText(flags) || PLAIN.test(name)) return value;
    return URLS.test(name) ? null : mask(value);
  }

  /** @param {Element} element @param {Marks} marks */
  #mark(element, marks) {
    for (const kind of KINDS) {
      if (!native.matches(element, this.#selectors[kind])) continue;
      marks[kind].add(element);
      marks.any.add(element);
    }
  }
}

/** Hides every character but white space. @param {string} text */
export function mask(text) {
  return text.replace(/\S/gu, BULLET);
}

/** Leaves out selectors that the browser does not understand, so that one typing error does not unmask the rest. @param {string} own @param {string[] | undefined} list */
function join(own, list) {
  const probe = document.createDocumentFragment();
  const understood = (list ?? []).filter((selector) => {
    try {
      probe.querySelector(selector);
      return true;
    } catch {
      return false;
    }
  });
  return [own, ...understood].join(',');
}

/** @returns {Marks} */
export function noMarks() {
  return { mask: new Set(), unmask: new Set(), block: new Set(), edit: new Set(), any: new Set() };
}
