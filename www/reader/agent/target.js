//! The node that an agent means, and whether anything may be done to it: it has to be what the agent sees, visible,
//! on top, not masked, and nothing that only the visitor may touch.

import * as Outcome from './outcome.js';
import { BLOCKED, MASKED, SECRET } from '../policy.js';

/** Inputs that nobody but the visitor fills. */
const FORBIDDEN_INPUTS = new Set(['password', 'file', 'hidden']);
const XLINK = 'http://www.w3.org/1999/xlink';
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
 * What an event on an element passes, from the inside out: through slots, shadow roots and frames.
 * @param {Reader} reader @param {any} element @returns {any[]}
 */
function lineOf(reader, element) {
  const line = [];
  for (let at = element; at; at = holderOf(reader, at)) if (at.nodeType === 1) line.push(at);
  return line;
}

/** @param {Reader} reader @param {any} node @returns {any} */
function holderOf({ tree }, node) {
  if (node.assignedSlot) return node.assignedSlot;
  const parent = node.parentNode;
  // A closed root does not tell its slots by the nodes in them.
  const slots = parent && tree.closedRoots.get(parent)?.querySelectorAll('slot');
  for (const slot of slots ?? []) if (slot.assignedNodes().includes(node)) return slot;
  return parent ?? node.host ?? tree.owners.get(node) ?? null;
}

/**
 * Why nothing may be done to an element, or null.
 * @param {Reader} reader @param {any} element
 */
export function refusalOf(reader, element) {
  if (!reader.isReachable(element)) return Outcome.gone;
  if (isHidden(element)) return Outcome.hidden;
  const line = lineOf(reader, element);
  const field = line.find(({ localName }) => localName === 'label')?.control;
  const meant = field ? [element, field] : [element];
  for (const one of meant) {
    if (isMasked(reader, one)) return Outcome.masked;
    if (one.localName === 'input' && FORBIDDEN_INPUTS.has(one.type)) return Outcome.forbidden;
  }
  const all = field ? [...line, ...lineOf(reader, field)] : line;
  return all.some((one) => one.hasAttribute('data-tandem-no-control')) ? Outcome.forbidden : null;
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
 * Why a click on an element is the visitor's own to make, or null. To send a form to the same site is part of clicking.
 * @param {Reader} reader @param {any} element @param {boolean} mayNavigate
 */
export function clickRefusalOf(reader, element, mayNavigate) {
  const line = lineOf(reader, element);
  const button = line.find(({ localName }) => localName === 'button' || localName === 'input');
  if (button?.localName === 'input' && PICKERS.has(button.type)) return Outcome.native;
  const refusal = button && isSubmit(button) && button.form ? formRefusalOf(button.form, button) : null;
  if (refusal !== null) return refusal;
  const link = line.find(({ localName }) => localName === 'a' || localName === 'area');
  const address = link?.getAttribute('href') ?? link?.getAttributeNS(XLINK, 'href');
  if (address === null || address === undefined) return null;
  if (link.hasAttribute('download') || leavesWindow(link, link.getAttribute('target'))) return Outcome.forbidden;
  return addressRefusalOf(address, mayNavigate, link.baseURI);
}

/**
 * Why a form is the visitor's own to send, or null.
 * @param {any} form @param {any} [button] by which it is sent
 */
export function formRefusalOf(form, button) {
  const told = (/** @type {string} */ name) => button?.getAttribute(`form${name}`) ?? form.getAttribute(name);
  if (leavesWindow(form, told('target'))) return Outcome.forbidden;
  return told('action') ? addressRefusalOf(told('action'), true, form.baseURI) : null;
}

/**
 * Why nobody goes to an address for the visitor, or null.
 * @param {string} address @param {boolean} mayNavigate @param {string} [base]
 */
export function addressRefusalOf(address, mayNavigate, base = window.location.href) {
  const here = window.location;
  let url;
  try {
    url = new URL(address, base);
  } catch {
    return Outcome.forbidden;
  }
  if (url.origin !== here.origin || !/^https?:$/.test(url.protocol)) return Outcome.forbidden;
  const isSamePage = url.pathname === here.pathname && url.search === here.search && url.hash !== '';
  return mayNavigate || isSamePage ? null : Outcome.notGranted;
}

/** @param {any} element */
export function isSubmit(element) {
  return element.type === 'submit' || element.type === 'image';
}

/** @param {any} element a link or a form @param {string | null} own the target it names */
function leavesWindow(element, own) {
  const target = own ?? element.ownerDocument.querySelector('base[target]')?.getAttribute('target');
  return Boolean(target) && !/^_(?:self|top|parent)$/i.test(target);
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
