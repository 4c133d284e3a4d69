//! What the viewer's page draws around the stage: the browser window with address and size, the visitor's pointer,
//! notices, and the transparent sheet that takes the agent's pointer, with the lines drawn on it.

import { optionList } from './options.js';
import { HELD, NOTICES } from './texts.js';

/** @typedef {'connecting' | 'live' | 'paused' | 'ended'} State */

const PRESSED = 1;
const LEFT = 2;
const SVG = 'http://www.w3.org/2000/svg';
/** The agent's own lines go when they go at the visitor's. */
const LINE_MS = 5_000;

export class Screen {
  /** @type {MessagePort | undefined} */
  #port;
  /** What the console is told. @type {{state: State, title: string, url: string, viewport: {width: number, height: number}, latency_ms: number | null, control: any}} */
  #told = { state: 'connecting', title: '', url: '', viewport: { width: 1024, height: 640 }, latency_ms: null, control: null };
  #isFit = true;
  /** @type {SVGPathElement | undefined} */
  #line;

  constructor() {
    this.body = document.body;
    this.page = find('.page');
    this.sizer = find('.sizer');
    this.pointer = find('.pointer');
    this.body.dataset.hasPage = 'no';
    new ResizeObserver(() => this.#fit()).observe(this.body);
    this.overlay = find('.overlay');
    this.lines = /** @type {any} */ (find('.lines'));
    this.keys = /** @type {HTMLTextAreaElement} */ (find('.keys'));
    this.#draw();
  }

  /** Has the console told everything from here on. @param {MessagePort} port */
  open(port) {
    this.#port = port;
    this.tell({ state: 'connecting' });
  }

  /** Changes what is known of the page. @param {Partial<typeof this.told>} news */
  tell(news) {
    Object.assign(this.#told, news);
    this.#port?.postMessage({ type: 'state', ...this.#told });
    this.#draw();
  }

  get told() {
    return this.#told;
  }

  /** Shows an event of the session. @param {any} event */
  show(event) {
    if (event.type === 'state') {
      if (event.state === 'live') this.body.dataset.hasPage = 'yes';
      if (event.state === 'ended') this.#empty();
      this.tell({ state: event.state });
    } else if (event.type === 'address') this.tell({ title: event.title, url: event.url });
    else if (event.type === 'viewport') {
      this.tell({ viewport: { width: event.width, height: event.height } });
      this.#lens(event);
    } else if (event.type === 'control') this.tell({ control: event });
    else if (event.type === 'latency') this.tell({ latency_ms: event.ms });
    else if (event.type === 'pointer') this.#visitor(event);
  }

  /** Loads an empty, sandboxed document and hands its frame over. @param {string} address @param {(frame: HTMLIFrameElement) => void} onLoaded */
  stage(address, onLoaded) {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-same-origin');
    frame.setAttribute('tabindex', '-1');
    frame.setAttribute('title', 'The visitor’s page');
    frame.inert = true;
    frame.src = address;
    frame.addEventListener('load', () => onLoaded(frame), { once: true });
    find('.stage').replaceChildren(frame);
  }

  /** @param {'fit' | 'actual'} mode */
  zoom(mode) {
    this.#isFit = mode === 'fit';
    this.body.dataset.zoom = mode;
    this.#fit();
  }

  #empty() {
    find('.stage').replaceChildren();
    this.pointer.hidden = true;
    this.closeOptions();
    Object.assign(this.#told, { title: '', url: '' });
  }

  #draw() {
    const { state, title, url, viewport, control } = this.#told;
    const isHeld = state === 'live' && control?.is_held;
    this.body.dataset.state = isHeld ? 'paused' : state;
    find('.notice').textContent = isHeld ? HELD : NOTICES[state];
    find('.title').textContent = title;
    find('.url').textContent = url.replace(/^https?:\/\//, '');
    find('.size').textContent = `${viewport.width} × ${viewport.height}`;
    this.#fit();
  }

  #fit() {
    const { width, height } = this.#told.viewport;
    const scale = this.#isFit ? Math.min(1, this.#space() / Math.max(1, width), this.#heightScale(height)) : 1;
    const { style } = this.sizer;
    style.setProperty('--scale', String(scale));
    style.setProperty('--page-width', String(width));
    style.setProperty('--page-height', String(height));
  }

  /** Frames what the visitor sees of the page when they have zoomed in with two fingers. @param {any} event */
  #lens({ width, height, zoom_permille, left, top }) {
    const zoom = zoom_permille / 1_000;
    const lens = find('.lens');
    lens.hidden = zoom < 1.01;
    const sides = { left, top, width: width / zoom, height: height / zoom };
    for (const [name, side] of Object.entries(sides)) lens.style.setProperty(`--lens-${name}`, String(Math.round(side)));
  }

  #space() {
    return this.body.clientWidth - 26;
  }

  /** A live page may be scrolled beside the conversation; of a recording all is seen at once. @param {number} height */
  #heightScale(height) {
    if (this.body.dataset.shows !== 'recording') return 1;
    const around = find('.player').offsetHeight + find('.bar').offsetHeight + 38;
    return Math.max(0.1, (this.body.clientHeight - around) / Math.max(1, height));
  }

  /** @param {{x: number, y: number, phase: number}} mark */
  #visitor({ x, y, phase }) {
    this.pointer.hidden = phase === LEFT;
    this.pointer.classList.toggle('is-pressed', phase === PRESSED);
    this.pointer.style.setProperty('--pointer-left', String(x));
    this.pointer.style.setProperty('--pointer-top', String(y));
  }

  /** Where something happens, in CSS pixels of the visitor's window. @param {MouseEvent} event */
  placeOf(event) {
    const box = this.page.getBoundingClientRect();
    const scale = box.width / this.#told.viewport.width || 1;
    return { x: Math.round((event.clientX - box.left) / scale), y: Math.round((event.clientY - box.top) / scale) };
  }

  /** Draws the agent's line on as the visitor sees it. @param {number[]} points @param {boolean} isNew */
  draw(points, isNew) {
    if (isNew || !this.#line?.isConnected) {
      const line = document.createElementNS(SVG, 'path');
      this.#line = line;
      this.lines.append(line);
      window.setTimeout(() => line.remove(), LINE_MS);
    }
    let way = this.#line.getAttribute('d') ?? '';
    for (let at = 0; at + 1 < points.length; at += 2) way += `${way ? 'L' : 'M'}${points[at]} ${points[at + 1]}`;
    this.#line.setAttribute('d', way);
  }

  /** Says something for a moment. @param {string} text */
  toast(text) {
    find('.toast').textContent = text;
  }

  /** @param {any} choices of a select, and its box @param {(id: number) => void} onChoose */
  openOptions(choices, onChoose) {
    const list = optionList(choices, onChoose);
    const [left, top, width, height] = choices.box;
    list.style.setProperty('--left', String(left));
    list.style.setProperty('--top', String(top + height));
    list.style.setProperty('--width', String(width));
    this.page.append(list);
    list.focus({ preventScroll: true });
  }

  closeOptions() {
    this.page.querySelector('.options')?.remove();
  }
}

/** @param {string} selector @returns {HTMLElement} */
function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}
