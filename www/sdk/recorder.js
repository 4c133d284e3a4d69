//! The recorder for use without Tandem's server: reader and wasm in one page, frames to a function.

import init, { FrameRecorder } from '../modules/recorder.js';
import { Aspects } from '../reader/aspects.js';
import { Reader } from '../reader/reader.js';

/**
 * Loads the wasm; to be awaited once before the classes are used.
 * @param {URL | string} [wasm] where it lies, when not beside this file
 */
export default async function initialise(wasm = new URL('recorder_bg.wasm', import.meta.url)) {
  await init({ module_or_path: wasm });
}

/**
 * `sliceNodes` has the first reading pause after so many nodes; without it only pages that take long are read in
 * slices, by time.
 * @typedef {{document?: Document, profile?: 'standard' | 'strict', mask?: string[], unmask?: string[], block?: string[], sliceNodes?: number}} Options
 */

/** The second byte of a frame that is, or is a part of, a keyframe. */
const KEYFRAME = 2;

/** Records a page. */
export class Recorder {
  /** @type {Reader | null} */
  #reader = null;
  /** @type {FrameRecorder | null} */
  #frames = null;

  /** @param {Options} [options] */
  constructor({ document = window.document, profile = 'standard', mask, unmask, block, sliceNodes = 0 } = {}) {
    this.document = document;
    this.sliceNodes = sliceNodes;
    this.config = { profile, mask, unmask, block };
  }

  /** Returns the page as it stands as one frame, at once. @returns {Uint8Array} */
  snapshot() {
    /** @type {Uint8Array | undefined} */
    let keyframe;
    const frames = new FrameRecorder((/** @type {Uint8Array} */ frame) => {
      if (frame[1] === KEYFRAME) keyframe = frame;
    });
    const reader = new Reader(this.document, this.config, (batch) => void frames.handleBatch(batch));
    reader.add(Aspects);
    reader.readOnce();
    frames.free();
    if (!keyframe) throw new Error('the page could not be read');
    return keyframe;
  }

  /** Hands over the page and then every change of it. @param {(frame: Uint8Array) => void} onFrame */
  start(onFrame) {
    this.stop();
    const frames = new FrameRecorder(onFrame);
    const reader = new Reader(this.document, this.config, (batch) => {
      if (frames.handleBatch(batch)) reader.restartSoon();
    });
    this.#frames = frames;
    this.#reader = reader;
    reader.sliceNodes = this.sliceNodes;
    reader.start();
    reader.add(Aspects);
  }

  /** Hands over a whole keyframe again, for somebody who comes late. */
  keyframe() {
    this.#frames?.keyframe();
  }

  /** Leaves the page as it was. */
  stop() {
    this.#reader?.stop();
    this.#frames?.free();
    this.#reader = this.#frames = null;
  }
}
