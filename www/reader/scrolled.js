//! Finds what was scrolled before the session, a few elements at a time while the page is idle, as asking every element
//! for its offset is dear.

import * as native from './native.js';
import * as beside from './native-beside.js';

/** @param {import('./scroll.js').ScrollSignal} scroll @param {AbortSignal} signal */
export function findScrolled(scroll, signal) {
  const elements = native.byTag(scroll.reader.document, '*');
  let at = 0;
  const look = (/** @type {IdleDeadline} */ deadline) => {
    if (signal.aborted) return;
    while (at < elements.length && deadline.timeRemaining() > 2) {
      const element = elements[at++];
      if (beside.scrollTop(element) || beside.scrollLeft(element)) scroll.moved(element);
    }
    if (at < elements.length) later(look);
  };
  const later = window.requestIdleCallback?.bind(window) ?? (() => 0);
  later(look);
}
