//! Goes to another page of the same site.

import * as Outcome from './outcome.js';
import { addressRefusalOf } from './target.js';

/** The outcome is told before the page is left. */
const LEAVE_MS = 50;

/** @param {{way: string, address: string}} act */
export function goTo({ way, address }) {
  if (way === 'address') {
    const refusal = addressRefusalOf(address, true);
    if (refusal !== null) return refusal;
  } else if (way !== 'reload' && !staysHere(way)) {
    return Outcome.forbidden;
  }
  setTimeout(() => {
    if (way === 'back') window.history.back();
    else if (way === 'forward') window.history.forward();
    else if (way === 'reload') window.location.reload();
    // As it was looked at: a page's base leads elsewhere.
    else window.location.assign(new URL(address, window.location.href).href);
  }, LEAVE_MS);
  return Outcome.done;
}

/** Whether a step through the tab's history is known to end on this site: what lies before it may be anybody's. @param {string} way */
function staysHere(way) {
  // Not every browser tells; there the step is left to the visitor.
  const history = /** @type {any} */ (window).navigation;
  return Boolean(way === 'back' ? history?.canGoBack : history?.canGoForward);
}
