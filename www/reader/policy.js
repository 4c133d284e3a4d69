//! What may be read: decides for each element and field what is masked, blocked or secret, before it is read.

import { bare } from './address.js';
import * as native from './native.js';

/** Text, attributes and fields of the element and what is in it are masked. */
export const MASKED = 1;
/** The site has named the element as visible: its ordinary fields are shown. */
export const UNMASKED = 2;
/** The element is a grey box; nothing in it is read. */
export const BLOCKED = 4;
/** The text is typed by the visitor, so it is masked as a field's value is. */
export const EDITED = 8;

/** Nothing of the field and of its options may be told, whatever the site has named as visible. */
export const SECRET = 16;

const SECRET_AUTOCOMPLETE = /(^|\s)(cc-[a-z-]+|current-password|new-password|one-time-code)(\s|$)/i;
/** Names of fields that hold a secret although their type shows it, as after "show password". */
const SECRET_NAME = /pass(?!eng)|pwd|cvc|cvv|(?:^|[^a-z])(?:pin|otp)(?![a-z])/i;
const FIELD = /^(?:input|textarea|select|option|optgroup)$/;
/** Attributes of a field that pages copy its value to. */
const COPIES = /^(?:data-|aria-value|title$|placeholder$)/;
/** Elements whose address leads elsewhere and loads nothing that the rebuilt page shows. */
const LEADING = /^(?:a|area|iframe|object|embed|base|link)$/;
/** What an attribute's name alone says. */
const [IS_DROPPED, IS_URL, IS_PLAIN, IS_SPOKEN] = [1, 2, 4, 8];
/** As many names are remembered; a page that makes up more has them looked at anew. */
export const NAMES_MAX = 2_000;
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
  /** Names and ids of secret fields: a field that takes the place of one is secret as well. */
  #secretKeys = new Set();

  /** @type {Map<string, number>} */
  #names = new Map();
  /** Those names among them that are told as they are wherever nothing is masked, but for fields, `meta` and `button`. @type {Set<string>} */
  ordinary = new Set();

  #selectors;
  #any;
  #lastMarks = noMarks();

  /** @param {PolicyConfig} config */
  constructor(config) {
    this.isStrict = config.profile === 'strict';
    /** Finds what is blocked. */
    this.blocks = join('[data-tandem-block]', config.block);
    this.#selectors = {
      mask: join('[data-tandem-mask]', config.mask),
      unmask: join('[data-tandem-unmask]', config.unmask),
      block: this.blocks,
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
      const before = this.#lastMarks[kind];
      for (const element of marks[kind]) if (!before.has(element)) changed.add(element);
      for (const element of before) if (!marks[kind].has(element)) changed.add(element);
    }
    this.#lastMarks = marks;
    return changed;
  }

  /** Forgets how elements were marked: the page is read anew. */
  restart() {
    this.#lastMarks = noMarks();
  }

  /** Remembers every secret field of a tree before any of it is read. @param {any} root */
  noteSecrets(root) {
    for (const field of native.queryAll(root, 'input,select,textarea')) this.isSecret(field, native.localName(field));
  }

  /** Returns the flags of an element from those of its parent. @param {number} inherited @param {Element} element @param {string} tag @param {Marks} marks */
  flags(inherited, element, tag, marks) {
    if (inherited & SECRET) return inherited;
    let flags = inherited;
    if (marks.any.size && marks.any.has(element)) {
      if (marks.unmask.has(element)) flags = (flags & ~(MASKED | EDITED)) | UNMASKED;
      if (marks.mask.has(element)) flags = (flags | MASKED) & ~UNMASKED;
      if (marks.block.has(element)) flags |= BLOCKED;
      if (marks.edit.has(element) && !(flags & UNMASKED)) flags |= EDITED;
    }
    return FIELD.test(tag) && this.isSecret(element, tag) ? (flags & ~UNMASKED) | MASKED | SECRET : flags;
  }

  /** Returns the flags of an element that may not have been read yet, from all that holds it. @param {any} element @returns {number} */
  flagsAt(element) {
    if (!element || native.nodeType(element) !== 1) return this.rootFlags;
    return this.flags(this.flagsAt(native.parentNode(element)), element, native.localName(element), this.ownMarks(element));
  }

  /** The marks of one element without those in it. @param {Element} element */
  ownMarks(element) {
    const marks = noMarks();
    this.#mark(element, marks);
    return marks;
  }

  /**
   * Whether nothing of a field may be told, not even how long it is.
   * @param {any} field @param {string} tag @param {string} type what the field is or was
   */
  isSecret(field, tag, type = tag === 'input' ? native.inputType(field) : '') {
    if (this.#secret.has(field)) return true;
    if (!FIELD.test(tag)) return false;
    const name = native.getAttribute(field, 'name');
    const id = native.getAttribute(field, 'id');
    const use = native.getAttribute(field, 'autocomplete');
    const isKnown = type === 'password' || (use && SECRET_AUTOCOMPLETE.test(use)) || this.#isSecretKey(name) || this.#isSecretKey(id);
    if (isKnown) this.#secretKeys.add(name).add(id);
    else if (type !== 'hidden' && type !== 'file') return false;
    this.#secret.add(field);
    return true;
  }

  /** @param {string | null} key */
  #isSecretKey(key) {
    return key && (this.#secretKeys.has(key) || SECRET_NAME.test(key));
  }

  /** Whether a field's value may be shown as it is. @param {number} flags */
  showsFields(flags) {
    return (flags & UNMASKED) !== 0;
  }

  /** Returns what may be told of a text that stands under these flags. @param {string} text @param {number} flags */
  text(text, flags) {
    return this.hidesText(flags) ? mask(text) : withoutCards(text);
  }

  /** Whether text in an element of these flags is masked. @param {number} flags */
  hidesText(flags) {
    return (flags & (MASKED | EDITED)) !== 0;
  }

  /**
   * Returns the value that may be told of an attribute, or null when the attribute is left out.
   * @param {any} element @param {string} tag @param {string} name @param {string} value @param {number} flags
   * @param {boolean} [isJudged] whether the flags were found a moment ago
   * @returns {string | null}
   */
  attribute(element, tag, name, value, flags, isJudged) {
    const said = this.#name(name);
    if (said & IS_DROPPED) return null;
    const isPlain = (said & IS_PLAIN) !== 0;
    if (FIELD.test(tag)) {
      if (name === 'checked' || name === 'selected') return null;
      if (!isPlain && (flags & SECRET || (!isJudged && this.isSecret(element, tag)))) return name === 'name' ? value : null;
      if (!this.showsFields(flags)) {
        if (name === 'value') return null;
        if (COPIES.test(name)) return mask(value);
      }
    } else if ((tag === 'meta' && name === 'content') || (tag === 'button' && name === 'value')) return null;
    if (!this.hidesText(flags)) return said & IS_URL ? this.#address(element, tag, value) : said & IS_SPOKEN ? withoutCards(value) : value;
    if (name === 'style') return plainStyle(value);
    return isPlain ? value : said & IS_URL ? null : mask(value);
  }

  /** @param {string} name */
  #name(name) {
    let said = this.#names.get(name);
    if (said === undefined) {
      said = (DROPPED.test(name) ? IS_DROPPED : 0) | (URLS.test(name) ? IS_URL : 0) | (PLAIN.test(name) ? IS_PLAIN : 0) | (SPOKEN.test(name) ? IS_SPOKEN : 0);
      if (this.#names.size < NAMES_MAX) {
        this.#names.set(name, said);
        if (!(said & (IS_DROPPED | IS_URL | IS_SPOKEN))) this.ordinary.add(name);
      }
    }
    return said;
  }

  /** What may be told of an address: where it leads but not what it tells there; what is loaded needs all of it. @param {any} element @param {string} tag @param {string} value */
  #address(element, tag, value) {
    const isLoaded = !LEADING.test(tag) || (tag === 'link' && /stylesheet/i.test(native.getAttribute(element, 'rel')));
    if (isLoaded || value[0] === '#') return value;
    return bare(value.replace(/^\s*(?:data|javascript):.*/is, ''));
  }

  /** @param {Element} element @param {Marks} marks */
  #mark(element, marks) {
    if (!native.matches(element, this.#any)) return;
    for (const kind of KINDS) {
      if (!native.matches(element, this.#selectors[kind])) continue;
      marks[kind].add(element);
      marks.any.add(element);
    }
  }
}

/** Groups of digits, set apart by no more than a blank or a dash, that could hold the number of a card. */
const DIGITS = /\d(?:[ \t\xa0\u2007\u202f\u2013-]?\d){12,}/g;
/** Attributes that are read, or shown when pointed at. */
const SPOKEN = /^(?:title$|alt$|label$|placeholder$|aria-|data-)/;

/** Hides what reads like the number of a card: 13 to 19 digits in whole groups, whose sum by Luhn is right. @param {string} text */
export function withoutCards(text) {
  if (text.length < 13) return text;
  return text.replace(DIGITS, (run) => {
    const groups = run.split(/(\D)/);
    for (let from = 0; from < groups.length; from += 2) {
      let digits = '';
      for (let to = from; to < groups.length && digits.length < 20; to += 2) {
        digits += groups[to];
        if (!isCard(digits)) continue;
        for (let at = from; at <= to; at += 2) groups[at] = mask(groups[at]);
        from = to;
        break;
      }
    }
    return groups.join('');
  });
}

/** @param {string} digits */
function isCard(digits) {
  if (digits.length < 13 || digits.length > 19 || digits[0] === '0') return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[at]) * (((digits.length - at) % 2) ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** Hides every character but white space. @param {string} text */
export function mask(text) {
  return text.replace(/\S/gu, BULLET);
}

/** A style without its texts and addresses; from what is written oddly on, it is left out. @param {string} style */
function plainStyle(style) {
  return style.replace(/url\([^)]*\)|"[^"\\]*"|'[^'\\]*'|["'\\].*/gis, 'none');
}

/** Leaves out selectors that the browser does not understand, so that one typing error does not unmask the rest. @param {string} own @param {string[] | undefined} list */
function join(own, list) {
  const probe = new DocumentFragment();
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
