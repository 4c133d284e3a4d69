//! Rules of sheets that others import, and of those that the page itself may not read. What may be read is spelled out
//! in the place of its import; what may not is named, for the viewer to ask for.

import * as native from './native.js';
import { sheetsOf } from './native-beside.js';

/** The kind of rule; its class is another one in every frame. */
const IMPORT = 3;
/** Addresses as the browser writes them in the text of a rule. */
const ADDRESS = /url\("((?:[^"\\]|\\.)*)"\)/g;

/** @typedef {{layer: string | null, media: string}} Conditions what an import asks for; one that asks for more has been met */

/** @type {Conditions} */
const NONE = { layer: null, media: '' };

export class ImportSignal {
  /** Sheets that have been told in full. @type {WeakSet<CSSStyleSheet>} */
  #told = new WeakSet();

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    reader.sheets.rules = rules;
  }

  restart() {
    this.#told = new WeakSet();
  }

  /** Has the sheets of a root told in full that need it. @param {any} root */
  look(root) {
    if (!this.reader.isLive) return;
    for (const sheet of sheetsOf(root)) {
      if (this.#told.has(sheet)) continue;
      this.#told.add(sheet);
      if (needsMore(sheet)) this.reader.sheets.written(sheet);
    }
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
  const base = sheet.href ?? native.baseURI(sheet.ownerNode ?? document);
  return text.replace(ADDRESS, (whole, address) => {
    const plain = address.replace(/\\(.)/g, '$1');
    return /^(?:#|data:)/i.test(address) || !URL.canParse(plain, base) ? whole : `url("${new URL(plain, base).href}")`;
  });
}
