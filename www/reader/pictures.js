//! Pictures of what only the visitor's browser can paint: canvases, frames of videos, and images whose address means
//! nothing elsewhere. They are taken at a bounded rate, and less often the longer nothing changes.

import * as native from './native.js';
import { frame } from './native-beside.js';
import * as Op from './op.js';
import { BLOCKED } from './policy.js';

/** @type {Record<string, {restMs: number, pixelsMax: number}>} How soon at the earliest another is taken, and how large. */
const KINDS = {
  canvas: { restMs: 700, pixelsMax: 1_500_000 },
  video: { restMs: 4_000, pixelsMax: 230_000 },
  img: { restMs: Infinity, pixelsMax: 1_500_000 },
};
/** What does not change is looked at again no later than this. */
const REST_MS_MAX = 10_000;
/** Pictures of one page leave it at no more than this many characters each millisecond. */
const UNITS_PER_MS = 24;
const UNITS_MAX = 700_000;
const QUALITY = 0.85;
/** So many addresses are remembered that only this browser has anything from. */
const MISSING_MAX = 500;

/**
 * @typedef {object} Shot
 * @property {number} id the element's number under which the wire knows its picture
 * @property {string} data the last picture @property {string} told what of it is on the wire
 * @property {number} density pixels of the picture for a thousand of the element's own
 * @property {number} asset @property {number} nextAt @property {number} restMs @property {string} source
 */

export class PictureSignal {
  /** @type {Map<any, Shot>} */
  #shots = new Map();
  /** Addresses of images that nobody but this browser gets. @type {Set<string>} */
  #missing = new Set();
  #assets = 0;
  #timer = 0;
  #isTaking = false;
  /** No picture is taken before this time, as the last was large. */
  #paidAt = 0;

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  /**
   * Takes an element into view; answers whether it is new, or shows something new.
   * @param {any} element @param {boolean} [isEvent] whether an event of its own says that it shows something else
   */
  found(element, isEvent) {
    if (native.nodeType(element) !== 1) return false;
    const tag = native.localName(element);
    if (!Object.hasOwn(KINDS, tag)) return false;
    const source = tag === 'img' ? element.currentSrc : '';
    const known = this.#shots.get(element);
    if (tag === 'img' && !/^blob:/i.test(native.getAttribute(element, 'src') ?? '') && !this.#missing.has(source)) return false;
    if (known && known.source === source) {
      // It has loaded since, or has come to stand elsewhere.
      if (isEvent || (tag === 'img' && !known.data)) known.nextAt = 0;
      this.#schedule();
      return false;
    }
    const { restMs } = KINDS[tag];
    this.#shots.set(element, { id: 0, data: '', told: '', density: 1_000, asset: 0, nextAt: 0, restMs, source });
    this.#schedule();
    return true;
  }

  /** Nobody but this browser gets the image at an address. @param {string} address */
  missing(address) {
    if (this.#missing.size < MISSING_MAX) this.#missing.add(address);
    for (const root of this.reader.roots) {
      for (const image of native.queryAll(root, 'img')) this.found(image);
    }
  }

  restart() {
    for (const shot of this.#shots.values()) shot.told = '';
  }

  stop() {
    window.clearTimeout(this.#timer);
    this.#shots.clear();
  }

  /** Writes the pictures that the wire does not have. What has changed the page may have changed a canvas as well. */
  flush() {
    const { tree } = this.reader;
    for (const [element, shot] of this.#shots) {
      const id = tree.id(element);
      if (!id && !native.isConnected(element)) this.#shots.delete(element);
      else if (shot.source && shot.source !== element.currentSrc) this.#forget(element, shot, id);
      else if (hides(this.reader, element)) shot.data = shot.told = '';
      else if (id && shot.data && (shot.told !== shot.data || shot.id !== id)) this.#write(shot, id);
      if (shot.restMs < Infinity) this.#wake(shot);
    }
  }

  /** An image shows something else, which the viewer may well have. @param {any} element @param {Shot} shot @param {number} id */
  #forget(element, shot, id) {
    this.#shots.delete(element);
    if (id && id === shot.id && shot.told) this.reader.batch.put(Op.picture, id, 0, shot.density);
  }

  /** @param {Shot} shot @param {number} id */
  #write(shot, id) {
    const { batch } = this.reader;
    const others = [...this.#shots.values()];
    const same = others.find((other) => other.told === shot.data && other !== shot && other.source === shot.source && shot.source);
    shot.asset = same?.asset ?? ++this.#assets;
    shot.told = shot.data;
    shot.id = id;
    if (!same) {
      batch.put(Op.asset, shot.asset);
      batch.text(shot.data);
    }
    batch.put(Op.picture, id, shot.asset, shot.density);
  }

  /** Has an element looked at soon, however long it has not changed. @param {Shot} shot */
  #wake(shot) {
    const restMs = Math.min(shot.restMs, 2_000);
    if (shot.restMs === restMs) return;
    shot.restMs = restMs;
    shot.nextAt = Math.min(shot.nextAt, performance.now() + restMs);
    this.#schedule();
  }

  #schedule() {
    window.clearTimeout(this.#timer);
    if (this.#isTaking || this.reader.isStopped || !this.reader.isLive) return;
    let next = Infinity;
    for (const shot of this.#shots.values()) next = Math.min(next, shot.nextAt);
    if (next === Infinity) return;
    const delay = Math.max(next, this.#paidAt) - performance.now();
    // After the page's own frame, before the browser lets go of what a 3D canvas has painted.
    this.#timer = native.later(() => frame(() => this.#take()), Math.max(0, delay));
  }

  async #take() {
    if (this.#isTaking || this.reader.isStopped) return;
    this.#isTaking = true;
    const due = [...this.#shots].filter(([, shot]) => shot.nextAt <= performance.now());
    // All are taken within this frame; only then are they made small.
    const taken = due.map(([element, shot]) => ({ element, shot, picture: this.#photograph(element, shot) }));
    for (const { element, shot, picture } of taken) {
      const data = await picture;
      const isNew = data !== '' && data !== shot.data && data.length <= UNITS_MAX;
      const { restMs } = KINDS[native.localName(element)];
      shot.restMs = isNew || restMs === Infinity ? restMs : Math.min(shot.restMs * 2, REST_MS_MAX);
      shot.nextAt = performance.now() + shot.restMs;
      if (!isNew || hides(this.reader, element)) continue;
      shot.data = data;
      this.#paidAt = performance.now() + data.length / UNITS_PER_MS;
      this.reader.mutations.schedule();
    }
    this.#isTaking = false;
    this.#schedule();
  }

  /** Returns an element as a picture; empty when it may not or cannot be told. @param {any} element @param {Shot} shot @returns {Promise<string>} */
  async #photograph(element, shot) {
    const tag = native.localName(element);
    const width = tag === 'canvas' ? element.width : tag === 'video' ? element.videoWidth : element.naturalWidth;
    const height = tag === 'canvas' ? element.height : tag === 'video' ? element.videoHeight : element.naturalHeight;
    // A stream is the visitor's own camera or screen, which nobody has agreed to share.
    if (!this.reader.tree.id(element) || hides(this.reader, element) || !width || !height || element.srcObject) return '';
    const scale = Math.min(1, Math.sqrt(KINDS[tag].pixelsMax / (width * height)));
    try {
      const resizing = { resizeWidth: Math.max(1, Math.round(width * scale)), resizeHeight: Math.max(1, Math.round(height * scale)) };
      const bitmap = await createImageBitmap(element, scale < 1 ? resizing : {});
      shot.density = Math.round((1_000 * bitmap.width) / width);
      return await spelledOut(bitmap);
    } catch {
      // The page itself may not read it, as it shows what another site has not shared.
      return '';
    }
  }
}

/** Whether nothing of an element may be told. @param {import('./reader.js').Reader} reader @param {any} element */
function hides({ policy, tree }, element) {
  const flags = tree.flags(element);
  return policy.hidesText(flags) || (flags & BLOCKED) !== 0;
}

/** @param {ImageBitmap} bitmap @returns {Promise<string>} */
async function spelledOut(bitmap) {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: QUALITY });
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onloadend = () => resolve(String(reader.result ?? ''));
    reader.readAsDataURL(blob);
  });
}
