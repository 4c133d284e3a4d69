//! The viewer for use without Tandem's server: frames in, a rebuilt page in an iframe.

import init, { FrameViewer } from '../modules/viewer.js';

/**
 * Loads the wasm; to be awaited once before the class is used.
 * @param {URL | string} [wasm] where it lies, when not beside this file
 */
export default async function initialise(wasm = new URL('viewer_bg.wasm', import.meta.url)) {
  await init({ module_or_path: wasm });
}

/**
 * Shows a page in an iframe of the same origin. Give the iframe `sandbox="allow-same-origin"` before it is attached;
 * an iframe without it is refused. Its document should carry a doctype, as `srcdoc="<!doctype html>"` does, unless
 * the recorded page is laid out in quirks mode.
 */
export class Viewer {
  #viewer;

  /** @param {HTMLIFrameElement} iframe */
  constructor(iframe) {
    const sandbox = iframe.getAttribute('sandbox');
    if (sandbox === null || /allow-scripts/i.test(sandbox)) {
      throw new Error('the iframe needs sandbox="allow-same-origin" and must not allow scripts');
    }
    // Nothing in the copy is to be clicked, followed or typed into.
    iframe.inert = true;
    this.#viewer = new FrameViewer(iframe);
  }

  /** Applies one frame; answers whether the page is whole. @param {Uint8Array} frame */
  apply(frame) {
    return this.#viewer.apply(frame);
  }

  /**
   * What stands around the page: the visitor's window is `width` by `height` CSS pixels, give the iframe that size
   * and scale it as you like. `isPaused` says that the page is in the background.
   * @returns {{title: string, url: string, width: number, height: number, isPaused: boolean, isQuirky: boolean}}
   */
  get page() {
    return this.#viewer.page();
  }

  /** Empties the iframe and lets go of it. */
  stop() {
    this.#viewer.clear();
    this.#viewer.free();
  }
}
