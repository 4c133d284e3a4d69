//! What is read of a page beside its tree, as a module of its own that comes after the first reading: pointer, focus,
//! hover, selection, the top layer, what plays, and pictures of what only this browser can paint.

import { listen } from './listen.js';
import * as native from './native.js';
import { defaultView } from './native-beside.js';
import { BlockedSignal } from './blocked.js';
import { FocusSignal } from './focus.js';
import { FrameSignal } from './frames.js';
import { HoverSignal } from './hover.js';
import { ImportSignal } from './imports.js';
import { LayerSignal } from './layers.js';
import { MediaSignal } from './media.js';
import { PictureSignal } from './pictures.js';
import { PointerSignal } from './pointer.js';
import { ScrollSignal } from './scroll.js';
import { findScrolled } from './scrolled.js';
import { SelectionSignal } from './selection.js';
import { ValueSignal } from './values.js';
import { ViewportSignal } from './viewport.js';

/** After the page has got new nodes, elements of interest are looked for at most this often. */
const LOOK_EVERY_MS = 400;
/** A browser that does not know one of these does not have what it stands for. */
const SELECTOR = ['canvas', 'video', 'audio', 'img[src^="blob:" i]', ':modal', ':popover-open'].filter(isKnown).join();

export class Aspects {
  #timer = 0;
  #listening = new WeakSet();
  /** The number of the next node when elements of interest were looked for last. */
  #foundUpTo = 0;
  /** A dialog says in an attribute when it opens; only the browser knows whether above the page. */
  #opened = new native.Observer((records) => {
    for (const { target } of records) this.layers.found(target);
  });

  /** @param {import('./reader.js').Reader} reader @param {AbortSignal} signal */
  constructor(reader, signal) {
    this.reader = reader;
    this.signal = signal;
    this.pointer = new PointerSignal(reader);
    this.focus = new FocusSignal(reader);
    this.viewport = new ViewportSignal(reader);
    this.scroll = new ScrollSignal(reader);
    this.frames = new FrameSignal(reader);
    this.hover = new HoverSignal(reader);
    this.selection = new SelectionSignal(reader);
    this.layers = new LayerSignal(reader);
    this.media = new MediaSignal(reader);
    this.pictures = new PictureSignal(reader);
    this.blocked = new BlockedSignal(reader, signal);
    this.values = new ValueSignal(reader, signal);
    this.imports = new ImportSignal(reader);
    this.parts = [this.focus, this.viewport, this.scroll, this.hover, this.selection, this.layers, this.media, this.pictures, this.blocked];
    if (reader.isLive) this.#start();
    else for (const part of [this.focus, this.scroll]) part.restart();
  }

  /** Forgets what is on the wire: the page is read anew. */
  restart() {
    for (const part of this.parts) part.restart();
    this.imports.restart();
    if (this.reader.isLive) findScrolled(this.scroll, this.signal);
  }

  /** Writes what has changed; new elements are found a moment later. */
  flush() {
    // What stands beside nodes that are not read yet is told once they are.
    if (this.reader.documents.isReading) return;
    for (const part of this.parts) part.flush();
    if (!this.reader.isLive) return;
    this.values.lookSoon();
    if (this.#timer || this.#foundUpTo === this.reader.tree.nextId) return;
    this.#timer = native.later(() => {
      this.#timer = 0;
      if (!this.signal.aborted && !this.reader.documents.isReading && this.#find()) this.reader.mutations.schedule();
    }, LOOK_EVERY_MS);
  }

  /** Finds what there is and writes it. */
  look() {
    this.#find();
    this.flush();
  }

  /** Whoever looks on does not get what lies at an address: the page says it itself, where it may. @param {string} address */
  missing(address) {
    this.pictures.missing(address);
  }

  #start() {
    this.pointer.start(this.signal);
    this.focus.start(this.signal);
    this.viewport.start(this.signal);
    listen(this.reader.document, 'pointerdown keydown', () => this.values.lookSoon(), this.signal);
    this.selection.start(this.signal);
    this.signal.addEventListener('abort', () => {
      window.clearTimeout(this.#timer);
      this.#opened.disconnect();
      this.pictures.stop();
    });
    this.restart();
    this.#find();
  }

  /** Looks for elements of interest; answers whether any is new. */
  #find() {
    const { layers, media, pictures, blocked, reader } = this;
    let isAnyNew = false;
    this.#foundUpTo = reader.tree.nextId;
    for (const root of reader.roots) {
      if (reader.isLive) this.#listen(root);
      this.imports.look(root);
      for (const element of native.queryAll(root, SELECTOR)) {
        for (const part of [layers, media, pictures]) isAnyNew = part.found(element) || isAnyNew;
      }
      if (reader.isLive) for (const element of native.queryAll(root, reader.policy.blocks)) blocked.found(element);
    }
    return isAnyNew;
  }

  /** @param {any} root */
  #listen(root) {
    if (this.#listening.has(root)) return;
    this.#listening.add(root);
    this.#opened.observe(root, { attributes: true, attributeFilter: ['open'], subtree: true });
    this.values.watch(defaultView(root));
    const { signal, layers, media, pictures, hover, imports } = this;
    const follow = (/** @type {string} */ types, /** @type {{found: (element: any, isEvent?: boolean) => boolean}[]} */ parts) => {
      const onEvent = (/** @type {Event} */ event) => {
        const target = event.composedPath()[0];
        for (const part of parts) part.found(target, true);
        this.reader.mutations.schedule();
      };
      listen(root, types, onEvent, signal);
    };
    follow('toggle close', [layers]);
    follow('play pause seeked ended loadeddata', [media, pictures]);
    const onLoad = (/** @type {Event} */ { target }) => {
      imports.loaded(target);
      if (pictures.found(target, true)) this.reader.mutations.schedule();
    };
    listen(root, 'load', onLoad, signal);
    hover.listen(root, signal);
    this.scroll.listen(root, signal);
    this.frames.listen(root, signal);
  }
}

/** @param {string} selector */
function isKnown(selector) {
  try {
    new DocumentFragment().querySelector(selector);
    return true;
  } catch {
    return false;
  }
}
