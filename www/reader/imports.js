//! Rules of sheets that others import, and of those that the page itself may not read. What may be read is spelled out
//! in the place of its import; what may not is named, for the viewer to ask for. So are fonts and pictures that the rules
//! name and that nobody gets but this browser.

import * as native from './native.js';
import { hides, spelled } from './pictures.js';

/** The kind of rule; its class is another one in every frame. */
const IMPORT = 3;
/** Addresses as the browser writes them in the text of a rule. */
const ADDRESS = /url\("((?:[^"\\]|\\.)*)"\)/g;

/** With what an element may be painted. */
const PAINTED = ['backgroundImage', 'borderImageSource', 'listStyleImage', 'maskImage', 'content', 'cursor', 'shapeOutside'];

/** @typedef {{layer: string | null, media: string}} Conditions what an import asks for; one that asks for more has been met */

/** @type {Conditions} */
const NONE = { layer: null, media: '' };

/** Files that rules name leave the page at no more than this many bytes each millisecond, and no larger than this. */
const BYTES_PER_MS = 24;
const BYTES_MAX = 300_000;
/** So many addresses are looked at in a session. */
const ADDRESSES_MAX = 200;

export class ImportSignal {
  /** What lies at addresses that nobody but this browser gets; empty while it is not known. @type {Map<string, string>} */
  #found = new Map();
  /** The file before it is on its way. */
  #last = Promise.resolve();
  /** Sheets that have been told in full. @type {WeakSet<CSSStyleSheet>} */
  #told = new WeakSet();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    reader.sheets.rules = (sheet) => this.#rules(sheet);
  }

  restart() {
    this.#told = new WeakSet();
  }

  /** Has the sheets of a root told in full that need it. @param {any} root */
  look(root) {
    if (!this.reader.isLive) return;
    for (const sheet of root.styleSheets) {
      if (this.#told.has(sheet)) continue;
      this.#told.add(sheet);
      if (needsMore(sheet)) this.reader.sheets.written(sheet);
      const owner = sheet.ownerNode;
      if (owner && native.textContent(owner).includes('blob:')) replaced(rules(sheet), sheet, (address) => void this.#takeBlob(address));
    }
  }

  /** @param {string} address */
  #takeBlob(address) {
    if (address.startsWith('blob:')) this.missing(address);
  }

  /** Whether something of which nothing may be told shows what lies at an address. @param {string} address */
  #isHidden(address) {
    const { policy, roots } = this.reader;
    return policy.isStrict || [...roots].some((root) => {
      return [...native.queryAll(root, '*')].some((element) => hides(this.reader, element) && shows(element, address));
    });
  }

  /** Nobody but this browser gets what lies at an address: rules that name it say what it is. @param {string} address */
  missing(address) {
    if (this.#found.has(address) || this.#found.size >= ADDRESSES_MAX || !isOwn(address)) return;
    const naming = [...this.reader.roots].flatMap((root) => [...root.styleSheets]).filter((sheet) => names(sheet, address));
    if (!naming.length) return;
    this.#found.set(address, '');
    this.#last = this.#last.then(async () => {
      if (this.reader.isStopped) return;
      const data = await spelledFile(address);
      // A picture that something masked shows stays here.
      if (!data || (data.startsWith('data:image') && this.#isHidden(address))) return;
      this.#found.set(address, data);
      for (const sheet of naming) this.reader.sheets.written(sheet);
      await new Promise((resolve) => void native.later(resolve, data.length / BYTES_PER_MS));
    });
  }

  /** @param {CSSStyleSheet} sheet */
  #rules(sheet) {
    const text = rules(sheet);
    if (!this.#found.size) return text;
    return replaced(text, sheet, (address) => this.#found.get(address) || undefined);
  }

  /** The sheets that a style element imports have come. @param {any} target */
  loaded(target) {
    if (native.nodeType(target) !== 1 || native.localName(target) !== 'style' || !target.sheet) return;
    this.#told.delete(target.sheet);
    if (needsMore(target.sheet)) this.reader.sheets.written(target.sheet);
  }
}

/** Returns the rules of a sheet with everything that it imports. @param {CSSStyleSheet} sheet @returns {string} */
function rules(sheet) {
  /** @type {string[]} */
  const first = [];
  const text = spelledOut(sheet, NONE, first, true);
  return [...first, text].join('\n');
}

/** Returns what lies at an address of this page's own, spelled out; empty for what is no picture or font, or too large. @param {string} address */
async function spelledFile(address) {
  try {
    const response = await fetch(address);
    const blob = await response.blob();
    const type = /^(?:image|font)\//.test(blob.type) ? blob.type : /font|octet/.test(blob.type) ? 'font/woff2' : '';
    return response.ok && type && blob.size <= BYTES_MAX ? await spelled(blob.slice(0, blob.size, type)) : '';
  } catch {
    return '';
  }
}

/** Whether a sheet has rules that are no part of its text. @param {CSSStyleSheet} sheet */
function needsMore(sheet) {
  try {
    return Array.from(sheet.cssRules, (rule) => rule.type).includes(IMPORT);
  } catch {
    return true;
  }
}

/**
 * Spells out the rules of a sheet. What has to stand before all rules is added to `first`: imports of what may not be
 * read, and the order of layers.
 * @param {CSSStyleSheet} sheet @param {Conditions} conditions of all imports that led here
 * @param {string[]} first @param {boolean} isTop
 */
function spelledOut(sheet, conditions, first, isTop) {
  if (sheet.disabled) return '';
  let list;
  try {
    list = sheet.cssRules;
  } catch {
    const layer = conditions.layer === null ? '' : conditions.layer ? ` layer(${conditions.layer})` : ' layer';
    first.push(`@import "${sheet.href}"${layer} ${conditions.media};`);
    return '';
  }
  /** @type {string[]} */
  const texts = [];
  for (const each of list) {
    const rule = /** @type {any} */ (each);
    if (rule.type !== IMPORT) {
      const isOrder = isTop && !texts.length && rule.cssText.startsWith('@layer') && rule.cssText.endsWith(';');
      (isOrder ? first : texts).push(isTop ? rule.cssText : absolute(rule.cssText, sheet));
    } else if (rule.styleSheet) {
      const { layerName } = rule;
      const media = rule.media.mediaText;
      const inner = spelledOut(rule.styleSheet, within(conditions, layerName, media), first, false);
      const layered = layerName === null ? inner : `@layer ${layerName} {\n${inner}\n}`;
      texts.push(media ? `@media ${media} {\n${layered}\n}` : layered);
    }
  }
  return texts.join('\n');
}

/** Conditions inside of others. @param {Conditions} outer @param {string | null} layer @param {string} media @returns {Conditions} */
function within(outer, layer, media) {
  const layers = [outer.layer, layer].filter((name) => name !== null);
  return { layer: layers.length ? layers.join('.') : null, media: media || outer.media };
}

/** Writes addresses relative to one sheet so that they can stand in another. @param {string} text @param {CSSStyleSheet} sheet */
function absolute(text, sheet) {
  return replaced(text, sheet, (address) => address);
}

/** Whether a sheet, or one that it imports, names an address. @param {CSSStyleSheet} sheet @param {string} wanted */
function names(sheet, wanted) {
  let isNamed = false;
  replaced(rules(sheet), sheet, (address) => void (isNamed ||= address === wanted));
  return isNamed;
}

/** Replaces addresses in the text of rules by what `replace` makes of them. @param {string} text @param {CSSStyleSheet} sheet @param {(address: string) => string | undefined} replace */
function replaced(text, sheet, replace) {
  const base = sheet.href ?? native.baseURI(sheet.ownerNode ?? document);
  return text.replace(ADDRESS, (whole, address) => {
    if (/^(?:#|data:)/i.test(address) || !URL.canParse(address.replace(/\\(.)/g, '$1'), base)) return whole;
    const found = replace(new URL(address.replace(/\\(.)/g, '$1'), base).href);
    return found === undefined ? whole : `url("${found}")`;
  });
}

/** Whether an element, or what stands before or behind it, is painted with what lies at an address. @param {Element} element @param {string} address */
function shows(element, address) {
  return ['', '::before', '::after'].some((part) => {
    const style = /** @type {any} */ (getComputedStyle(element, part));
    return PAINTED.some((name) => String(style[name]).includes(`"${address}"`));
  });
}

/** Whether an address is one of the page's own. @param {string} address */
function isOwn(address) {
  return URL.canParse(address) && new URL(address).origin === window.location.origin;
}
