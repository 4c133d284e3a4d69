//! The browser's own accessors of what stands beside the tree, for the second module alone.

import { careful, getters } from './native.js';

export const [activeElement, body, defaultView] = careful(Document.prototype, 'activeElement body defaultView');
export const [scrollTop, scrollLeft] = getters(Element.prototype, 'scrollTop scrollLeft');
export const SizeObserver = ResizeObserver;
export const styleOf = window.getComputedStyle.bind(window);
export const frame = window.requestAnimationFrame.bind(window);
