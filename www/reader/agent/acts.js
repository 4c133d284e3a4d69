//! Carries out what an agent does, as a person at the page would cause it: the full sequence of events, the page's
//! own answers to them, and the browser's part where a made-up event has none.

import { EventMaker } from './events.js';
import { goTo } from './navigate.js';
import * as Outcome from './outcome.js';
import { clickRefusalOf, coverOf, formRefusalOf, refusalOf } from './target.js';
import { Typing, editable, sendsForm, submitOf } from './typing.js';

export class Acts {
  #events = new EventMaker();
  #typing;

  /** @param {import('../reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    this.#typing = new Typing(this.#events);
  }

  /**
   * Carries out one action; answers what came of it.
   * @param {any} act @param {any} target the node it names @returns {number}
   */
  carryOut(act, target) {
    if (act.action === 'navigate') return goTo(act);
    if (act.action === 'scroll') return this.#scroll(target, act.x, act.y);
    const element = target.nodeType === 1 ? target : target.parentElement;
    const refusal = element ? refusalOf(this.reader, element) : Outcome.gone;
    // An option has no box of its own; its select is asked.
    if (act.action === 'choose') return this.#choose(element);
    if (refusal !== null) return refusal;
    return withoutWindows(element, () => {
      if (act.action === 'hover') return this.#hover(element, act);
      if (act.action === 'click') return this.#click(element, act);
      if (act.action === 'insert') return this.#insert(element, act.text);
      if (act.action === 'key') return this.#key(element, act);
      return Outcome.notEditable;
    });
  }

  /** @param {any} element @param {any} act */
  #hover(element, act) {
    const cover = coverOf(this.reader, element, act);
    if (cover === null) this.#events.hover(element, place(element, act));
    return cover ?? Outcome.done;
  }

  /** @param {any} element @param {any} act */
  #click(element, act) {
    const refusal = clickRefusalOf(this.reader, element, act.may_navigate);
    if (refusal !== null) return refusal;
    if (coverOf(this.reader, element, act) === Outcome.hidden) element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const cover = coverOf(this.reader, element, act);
    if (cover !== null) return cover;
    this.#typing.settle(element);
    this.#events.click(element, place(element, act), act.count);
    return Outcome.done;
  }

  /** @param {any} element @param {string} text */
  #insert(element, text) {
    const field = editable(element);
    if (!field) return Outcome.notEditable;
    return refusalOf(this.reader, field) ?? this.#typing.insert(field, text);
  }

  /** What a key is pressed on is what has the focus, and that is what has to be allowed. @param {any} element @param {any} act */
  #key(element, act) {
    const target = this.#typing.targetOf(element);
    const refusal = refusalOf(this.reader, target) ?? (act.key === 'Enter' ? this.#enterRefusal(target, act.may_navigate) : null);
    return refusal ?? this.#typing.key(target, act.key, act.is_shifted);
  }

  /** Why Enter is not pressed on an element: it clicks it, or sends its form. @param {any} target @param {boolean} mayNavigate */
  #enterRefusal(target, mayNavigate) {
    if (!sendsForm(target)) return clickRefusalOf(this.reader, target, mayNavigate);
    const button = submitOf(target.form);
    if (!button) return formRefusalOf(target.form);
    return refusalOf(this.reader, button) ?? clickRefusalOf(this.reader, button, mayNavigate);
  }

  /** @param {any} option */
  #choose(option) {
    const select = option?.closest('select');
    if (!select) return Outcome.gone;
    const refusal = refusalOf(this.reader, select);
    if (refusal !== null) return refusal;
    if (select.matches(':disabled') || option.matches(':disabled')) return Outcome.notEditable;
    return withoutWindows(select, () => this.#typing.choose(select, option));
  }

  /** Scrolls the nearest box that can go there. @param {any} target @param {number} left @param {number} top */
  #scroll(target, left, top) {
    for (let at = target.nodeType === 1 ? target : null; at; at = at.parentElement ?? at.getRootNode().host) {
      const { overflowX, overflowY } = getComputedStyle(at);
      const [x, y] = [at.scrollLeft, at.scrollTop];
      const isScroller = (top && /auto|scroll/.test(overflowY)) || (left && /auto|scroll/.test(overflowX));
      if (!isScroller) continue;
      at.scrollBy({ left, top, behavior: 'instant' });
      if (at.scrollLeft !== x || at.scrollTop !== y) return Outcome.done;
    }
    const view = (target.ownerDocument ?? target).defaultView ?? window;
    view.scrollBy({ left, top, behavior: 'instant' });
    return Outcome.done;
  }
}

/** @param {any} element @param {{x: number, y: number}} offset in thousandths */
function place(element, offset) {
  const box = element.getBoundingClientRect();
  return { x: box.left + (box.width * offset.x) / 1000, y: box.top + (box.height * offset.y) / 1000 };
}

/**
 * Does something while the page can open no window by it: the browser may still count a click of the visitor as
 * leave to do so.
 * @template T @param {any} element @param {() => T} work @returns {T}
 */
function withoutWindows(element, work) {
  const views = new Set([window, element.ownerDocument.defaultView ?? window]);
  const before = [...views].map((view) => ({ view, open: Object.getOwnPropertyDescriptor(view, 'open') }));
  for (const { view, open } of before) {
    // A page that has frozen its own keeps it.
    if (open?.writable && open.configurable) view.open = () => null;
  }
  try {
    return work();
  } finally {
    for (const { view, open } of before) if (open?.configurable) Object.defineProperty(view, 'open', open);
  }
}
