//! Shadow roots that are made during the session. Open ones of before are found while reading.

import { afterCall } from './patch.js';

/**
 * A new shadow root makes no mutation record, so the method that makes it is watched until the session ends.
 * @param {import('./reader.js').Reader} reader @param {AbortSignal} signal
 */
export function watchShadows({ tree, mutations }, signal) {
  afterCall(Element.prototype, 'attachShadow', signal, (host, root) => {
    if (root.mode === 'closed') tree.closedRoots.set(host, root);
    if (tree.id(host)) mutations.readAnew(host);
  });
}
