//! The window as it stands: its size, what pinch zoom shows of it, and whether the page is in the background.

import * as native from './native.js';
import * as Op from './op.js';

/** @param {import('./reader.js').Reader} reader */
export function writeViewport({ batch, document }) {
  const view = window.visualViewport;
  const shown = [(view?.scale ?? 1) * 1000, view?.offsetLeft ?? 0, view?.offsetTop ?? 0].map(Math.round);
  batch.put(Op.viewport, window.innerWidth, window.innerHeight, ...shown);
  batch.put(Op.pause, native.visibilityState(document) === 'hidden' ? 1 : 0);
}
