//! The agent's hand over the page: pointing, marking, drawing, scrolling alone, and, where the visitor has allowed
//! it, acting. What is meant on the page is found out by the viewer's module; this is input and nothing else.

import { OUTCOMES } from './texts.js';

/** @typedef {'none' | 'pointer' | 'mark' | 'draw' | 'control'} Tool */
/** @typedef {{given: {scopes: string[]} | null, is_mine: boolean}} Standing */

const MOVED = 0;
const PRESSED = 1;
const LEFT = 2;
/** Keys that are pressed on the page and are no characters. Esc leaves the typing instead. */
const KEYS = new Set(['Enter', 'Tab', 'Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);
const TOAST_MS = 4_000;

export class Hand {
  /** @type {any} */
  #session;
  /** @type {Tool} */
  #tool = 'none';
  /** @type {string[]} What may be done on the page. */
  #scopes = [];
  #follows = true;
  /** What has been done since the last frame. */
  #frame = { isDue: false, mark: /** @type {{x: number, y: number, phase: number} | null} */ (null), line: /** @type {number[]} */ ([]), isNewLine: false, right: 0, down: 0 };
  #isDrawing = false;
  #toastTimer = 0;

  /** @param {import('./screen.js').Screen} screen */
  constructor(screen) {
    this.screen = screen;
    const { overlay, keys } = screen;
    overlay.addEventListener('pointermove', (event) => this.#move(event));
    overlay.addEventListener('pointerdown', (event) => this.#press(event));
    overlay.addEventListener('pointerup', () => (this.#isDrawing = false));
    overlay.addEventListener('pointerleave', (event) => this.#point(event, LEFT));
    overlay.addEventListener('click', (event) => this.#click(event));
    overlay.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    keys.addEventListener('keydown', (event) => this.#key(event));
    keys.addEventListener('input', (event) => /** @type {InputEvent} */ (event).isComposing || this.#insert());
    keys.addEventListener('compositionend', () => this.#insert());
  }

  /** @param {any} session the viewer's module; nothing when there is none any more */
  use(session) {
    this.#session = session;
    this.standing({ given: null, is_mine: false });
  }

  /** @param {Tool} tool */
  tool(tool) {
    if (this.#tool === 'mark' && tool !== 'mark') this.#session?.unmark();
    if (tool === 'none') this.#session?.point(0, 0, LEFT);
    this.#tool = tool;
    this.screen.body.dataset.tool = tool;
    this.screen.closeOptions();
    if (tool !== 'control') this.screen.keys.blur();
  }

  /** @param {boolean} follows whether the view scrolls with the visitor's page */
  follow(follows) {
    this.#follows = follows;
    this.#session?.followScroll(follows);
  }

  /** @param {Standing} standing where control stands */
  standing({ given, is_mine }) {
    this.#scopes = is_mine && given ? given.scopes : [];
    this.screen.body.dataset.acts = this.#scopes.length ? 'yes' : 'no';
    if (!this.#may('type')) this.screen.keys.blur();
  }

  /** Says why an action was not carried out. @param {string} outcome */
  outcome(outcome) {
    const text = OUTCOMES[outcome];
    if (!text) return;
    window.clearTimeout(this.#toastTimer);
    this.screen.toast(text);
    this.#toastTimer = window.setTimeout(() => this.screen.toast(''), TOAST_MS);
  }

  /** @param {string} scope */
  #may(scope) {
    return this.#tool === 'control' && this.#scopes.includes(scope);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#point(event, MOVED);
    if (!this.#isDrawing) return;
    const { x, y } = this.screen.placeOf(event);
    this.#frame.line.push(x, y);
    this.#soon();
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#point(event, PRESSED);
    const { x, y } = this.screen.placeOf(event);
    if (this.#tool === 'mark') this.#session?.markAt(x, y);
    if (this.#tool !== 'draw') return;
    this.#isDrawing = true;
    this.#frame.isNewLine = true;
    this.#frame.line = [x, y];
    this.screen.overlay.setPointerCapture(event.pointerId);
    this.#soon();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    this.screen.toast('');
    if (!this.#may('click')) {
      if (this.#tool === 'control') this.outcome('not_granted');
      return;
    }
    const { x, y } = this.screen.placeOf(event);
    const choices = this.#session?.clickAt(x, y, Math.max(1, event.detail));
    this.screen.closeOptions();
    if (choices && this.#may('type')) this.screen.openOptions(choices, (/** @type {number} */ id) => this.#session?.choose(id));
    else if (choices) this.outcome('not_granted');
    else if (this.#may('type')) this.screen.keys.focus({ preventScroll: true });
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const mayScroll = this.#may('scroll');
    if (this.#follows && !mayScroll) return;
    event.preventDefault();
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    if (!this.#follows) {
      this.#session?.scrollAlone(event.deltaX * scale, event.deltaY * scale);
      return;
    }
    this.#frame.right += event.deltaX * scale;
    this.#frame.down += event.deltaY * scale;
    this.#frame.mark = { ...this.screen.placeOf(event), phase: MOVED };
    this.#soon();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.screen.keys.blur();
    const isKey = KEYS.has(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isKey || !this.#may('type')) return;
    event.preventDefault();
    this.#session?.key(event.key, event.shiftKey);
  }

  #insert() {
    const { keys } = this.screen;
    const text = keys.value;
    keys.value = '';
    if (text && this.#may('type')) this.#session?.insert(text);
  }

  /** @param {PointerEvent} event @param {number} phase */
  #point(event, phase) {
    if (this.#tool === 'none') return;
    const isPressed = this.#frame.mark?.phase === PRESSED;
    this.#frame.mark = { ...this.screen.placeOf(event), phase: isPressed ? PRESSED : phase };
    this.#soon();
  }

  /** Passes everything on once per frame, a press never lost to a move. */
  #soon() {
    if (this.#frame.isDue) return;
    this.#frame.isDue = true;
    requestAnimationFrame(() => this.#pass());
  }

  #pass() {
    const { mark, line, isNewLine, right, down } = this.#frame;
    this.#frame = { isDue: false, mark: null, line: [], isNewLine: false, right: 0, down: 0 };
    if (!this.#session) return;
    if (mark) this.#session.point(mark.x, mark.y, mark.phase);
    if (line.length) {
      this.#session.draw(Int32Array.from(line), isNewLine);
      this.screen.draw(line, isNewLine);
    }
    const [x, y] = [Math.round(right), Math.round(down)];
    if (mark && (x || y)) this.#session.scrollAt(mark.x, mark.y, x, y);
    else if (mark && mark.phase === MOVED && this.#may('click')) this.#session.hoverAt(mark.x, mark.y);
  }
}
