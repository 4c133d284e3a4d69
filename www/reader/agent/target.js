//! The node that an agent means, and whether anything may be done to it: it has to be what the agent sees, visible,
//! on top, not masked, and nothing that only the visitor may touch.

import * as Outcome from './outcome.js';
import { BLOCKED, MASKED, SECRET } from '../policy.js';

/** Inputs that nobody but the visitor fills. */
const FORBIDDEN_INPUTS = new Set(['password', 'file', 'hidden']);
/** Inputs whose value is chosen in a window of the browser's own. */
const PICKERS = new Set(['color', 'date', 'datetime-local', 'month', 'time', 'week']);

/** @typedef {import('../reader.js').Reader} Reader */

/**
 * The node of a number, wherever it stands now.
 * @param {Reader} reader @param {number} id @returns {Node | null}
 */
export function nodeOf({ tree, document }, id) {
  if (id === 1) return document;
  let node = tree.first(document);
  while (node && tree.id(node) !== id) node = tree.first(node) ?? tree.after(node);
  return node;
}

/** The element with the focus, through shadow roots, or null. @param {Document} document */
export function activeIn(document) {
  let active = /** @type {any} */ (document.activeElement);
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active === document.body ? null : active;
}

/**
 * The place in an element that an action names, in the element's own window and in the page's.
 * @param {Reader} reader @param {any} element @param {{x?: number, y?: number}} offset in thousandths
 */
export function placeOf(reader, element, { x = 500, y = 500 }) {
  const box = element.getBoundingClientRect();
  const inner = { x: box.left + (box.width * x) / 1000, y: box.top + (box.height * y) / 1000 };
  const outer = { ...inner };
  for (let owner = ownerOf(reader, element); owner; owner = ownerOf(reader, owner)) {
    const frame = owner.getBoundingClientRect();
    outer.x += frame.left + owner.clientLeft;
    outer.y += frame.top + owner.clientTop;
  }
  return { inner, x: outer.x, y: outer.y };
}

/**
 * Why nothing may be done to an element, or null.
 * @param {Reader} reader @param {any} element
 */
export function refusalOf(reader, element) {
  if (!reader.isReachable(element)) return Outcome.gone;
  if (isHidden(element)) return Outcome.hidden;
  const field = element.closest('label')?.control;
  for (const one of field ? [element, field] : [element]) {
    if (isMasked(reader, one)) return Outcome.masked;
    if (one.localName === 'input' && FORBIDDEN_INPUTS.has(one.type)) return Outcome.forbidden;
  }
  for (let at = element; at; at = reader.tree.parent(at)) {
    if (at.nodeType === 1 && at.hasAttribute('data-tandem-no-control')) return Outcome.forbidden;
  }
  return null;
}

/**
 * Why an element cannot be pointed at, or null: it is out of sight, or something else lies over it.
 * @param {Reader} reader @param {any} element @param {{x?: number, y?: number}} offset
 */
export function coverOf(reader, element, offset) {
  let { inner } = placeOf(reader, element, offset);
  for (let at = element; at; ) {
    const root = at.getRootNode();
    const hit = root.elementFromPoint(inner.x, inner.y);
    if (!hit) return Outcome.hidden;
    if (hit !== at && !at.contains(hit)) return Outcome.covered;
    const owner = ownerOf(reader, at);
    if (root.host) at = root.host;
    else if (owner) {
      const frame = owner.getBoundingClientRect();
      inner = { x: inner.x + frame.left + owner.clientLeft, y: inner.y + frame.top + owner.clientTop };
      at = owner;
    } else return null;
  }
  return null;
}

/**
 * Why a click on an element is the visitor's own to make, or null.
 * @param {any} element @param {boolean} mayNavigate
 */
export function clickRefusalOf(element, mayNavigate) {
  const button = element.closest('button,input');
  if (button?.localName === 'input' && PICKERS.has(button.type)) return Outcome.native;
  const form = button && isSubmit(button) ? button.form : null;
  const target = form && (button.getAttribute('formtarget') ?? form.getAttribute('target'));
  if (leavesWindow(target)) return Outcome.forbidden;
  const link = element.closest('a[href],area[href]');
  if (!link) return null;
  if (link.hasAttribute('download') || leavesWindow(link.getAttribute('target'))) return Outcome.forbidden;
  return addressRefusalOf(link.href, mayNavigate);
}

/**
 * Why nobody goes to an address for the visitor, or null.
 * @param {string} address @param {boolean} mayNavigate
 */
export function addressRefusalOf(address, mayNavigate) {
  const here = window.location;
  let url;
  try {
    url = new URL(address, here.href);
  } catch {
    return Outcome.forbidden;
  }
  if (url.origin !== here.origin) return Outcome.forbidden;
  const isSamePage = url.pathname === here.pathname && url.search === here.search && url.hash !== '';
  return mayNavigate || isSamePage ? null : Outcome.notGranted;
}

/** @param {any} element */
export function isSubmit(element) {
  return element.type === 'submit' || element.type === 'image';
}

/** @param {string | null | undefined} target of a link or a form */
function leavesWindow(target) {
  return Boolean(target) && !/^_(?:self|top|parent)$/i.test(/** @type {string} */ (target));
}

/** @param {any} element */
function isHidden(element) {
  const box = element.getBoundingClientRect();
  const isShown = element.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true;
  return !isShown || !(box.width || box.height);
}

/** Whether an element is masked now, or was when it was read. @param {Reader} reader @param {any} element */
function isMasked({ tree, policy }, element) {
  const flags = tree.flags(element) | policy.flagsAt(element);
  return (flags & (MASKED | BLOCKED | SECRET)) !== 0 || policy.isSecret(element, element.localName);
}

/** The frame element around the document that an element stands in. @param {Reader} reader @param {any} element */
function ownerOf({ tree }, element) {
  return /** @type {any} */ (tree.owners.get(element.ownerDocument));
}
