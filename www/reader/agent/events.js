//! The events of a pointer and of keys, made in the window that the element belongs to.

/** Names of keys by which old scripts still tell them. @type {Record<string, number>} */
const KEY_CODES = {
  Backspace: 8, Tab: 9, Enter: 13, Escape: 27, ' ': 32, PageUp: 33, PageDown: 34, End: 35, Home: 36,
  ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Delete: 46,
};
const FOCUSABLE = 'a[href],area[href],button,input,select,textarea,summary,iframe,[tabindex],[contenteditable=""],[contenteditable="true"],[contenteditable="plaintext-only"]';

export class EventMaker {
  /** The element that the agent's pointer is over, and what holds it. @type {any[]} */
  #over = [];

  /** Moves onto an element: out of the one before, into this one. @param {any} element @param {{x: number, y: number}} at */
  hover(element, at) {
    const before = this.#over.filter((one) => one.isConnected);
    const now = [];
    for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) now.push(one);
    const [last] = before;
    if (last && last !== element) {
      for (const name of ['pointerout', 'mouseout']) this.#pointer(last, name, at, { relatedTarget: element });
      for (const one of before) if (!now.includes(one)) this.#enter(one, 'leave', at);
    }
    if (last !== element) {
      for (const name of ['pointerover', 'mouseover']) this.#pointer(element, name, at, { relatedTarget: last ?? null });
      for (const one of [...now].reverse()) if (!before.includes(one)) this.#enter(one, 'enter', at);
    }
    this.#over = now;
    for (const name of ['pointermove', 'mousemove']) this.#pointer(element, name, at);
  }

  /** @param {any} element @param {{x: number, y: number}} at @param {number} count which click in a row it is */
  click(element, at, count) {
    this.hover(element, at);
    const down = { buttons: 1, detail: count };
    this.#pointer(element, 'pointerdown', at, down);
    if (this.#pointer(element, 'mousedown', at, down)) focusFrom(element);
    if (!element.isConnected) return;
    this.#pointer(element, 'pointerup', at, { detail: count });
    this.#pointer(element, 'mouseup', at, { detail: count });
    if (!element.isConnected) return;
    this.#pointer(element, 'click', at, { detail: count });
    if (count === 2) this.#pointer(element, 'dblclick', at, { detail: count });
  }

  /** Dispatches a key's event; answers whether the page leaves it to the browser. @param {any} element @param {string} type @param {string} key @param {boolean} [shiftKey] */
  key(element, type, key, shiftKey = false) {
    const view = viewOf(element);
    const keyCode = KEY_CODES[key] ?? (key.length === 1 ? key.toUpperCase().charCodeAt(0) : 0);
    const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key === ' ' ? 'Space' : key;
    const init = { key, code, keyCode, which: keyCode, shiftKey, bubbles: true, cancelable: true, composed: true, view };
    return element.dispatchEvent(new view.KeyboardEvent(type, init));
  }

  /** @param {any} element @param {string} type @param {string} inputType @param {string | null} data */
  input(element, type, inputType, data) {
    const view = viewOf(element);
    const init = { inputType, data, bubbles: true, cancelable: type === 'beforeinput', composed: true, view };
    return element.dispatchEvent(new view.InputEvent(type, init));
  }

  /** @param {any} element @param {string} type */
  plain(element, type) {
    element.dispatchEvent(new (viewOf(element).Event)(type, { bubbles: true, composed: type === 'input' }));
  }

  /** @param {any} element @param {'enter' | 'leave'} name @param {{x: number, y: number}} at */
  #enter(element, name, at) {
    for (const kind of ['pointer', 'mouse']) this.#pointer(element, kind + name, at, { bubbles: false, cancelable: false });
  }

  /** @param {any} element @param {string} type @param {{x: number, y: number}} at @param {object} [more] */
  #pointer(element, type, at, more = {}) {
    const view = viewOf(element);
    const init = {
      bubbles: true, cancelable: true, composed: true, view, clientX: at.x, clientY: at.y, screenX: at.x, screenY: at.y,
      button: 0, pointerId: 1, pointerType: 'mouse', isPrimary: true, ...more,
    };
    const isMouse = type.startsWith('mouse') || type === 'dblclick';
    return element.dispatchEvent(new (isMouse ? view.MouseEvent : view.PointerEvent)(type, init));
  }
}

/** Gives the focus to the nearest element that takes it, as a press does. @param {any} element */
export function focusFrom(element) {
  const taker = element.closest(FOCUSABLE);
  const active = element.getRootNode().activeElement;
  if (taker && taker !== active && !taker.disabled) taker.focus({ preventScroll: true });
  else if (!taker) active?.blur?.();
}

/** Goes to the next or former element that takes the focus. @param {any} from @param {boolean} isBackwards */
export function focusNext(from, isBackwards) {
  const root = from.getRootNode();
  const takers = [...root.querySelectorAll(FOCUSABLE)].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.getClientRects().length > 0,
  );
  const place = takers.indexOf(from);
  const next = takers[place + (isBackwards ? -1 : 1)] ?? (isBackwards ? takers[takers.length - 1] : takers[0]);
  next?.focus();
}

/** @param {any} element */
function viewOf(element) {
  return element.ownerDocument.defaultView ?? window;
}
