//! The browser's own accessors of what stands beside the tree, for the second module alone.

import { careful, getters } from './native.js';

export const [activeElement, body, defaultView] = careful(Document.prototype, 'activeElement body defaultView');
export const [scrollTop, scrollLeft] = getters(Element.prototype, 'scrollTop scrollLeft');
export const SizeObserver = ResizeObserver;
export const styleOf = window.getComputedStyle.bind(window);
export const frame = window.requestAnimationFrame.bind(window);
const [documentSheets] = careful(Document.prototype, 'styleSheets');
const [shadowSheets] = careful(ShadowRoot.prototype, 'styleSheets');

/** Returns the style sheets of a document or shadow root. @param {any} root @returns {Iterable<CSSStyleSheet>} */
export function sheetsOf(root) {
  return documentSheets(root) ?? shadowSheets(root) ?? [];
}
