//! Types into fields as the visitor would: frameworks that watch a field's value notice, and editors get the events
//! they listen for.

import { focusNext } from './events.js';
import * as Outcome from './outcome.js';
import { activeIn, isSubmit } from './target.js';

/** Keys that change what is in a field. */
const EDITING = new Set(['Backspace', 'Delete']);
const TEXT_TYPES = new Set(['text', 'search', 'email', 'url', 'tel', 'number']);
/** Frameworks put an own property over the value of a field; the setter of its prototype is what the browser uses. */
const valueOf = (/** @type {object} */ prototype) => /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, 'value'));
const setters = { input: valueOf(HTMLInputElement.prototype), textarea: valueOf(HTMLTextAreaElement.prototype) };
const selectedOf = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLOptionElement.prototype, 'selected'));

export class Typing {
  /** The field that holds something its page has not been told of as a change. @type {any} */
  #unsettled = null;

  /** @param {import('./events.js').EventMaker} events */
  constructor(events) {
    this.events = events;
  }

  /** The focus goes elsewhere: what was typed is a change now, as it is when a person leaves a field. @param {any} next */
  settle(next) {
    const field = this.#unsettled;
    if (!field || field === next || field.contains(next)) return;
    this.#unsettled = null;
    if (field.isConnected) this.events.plain(field, 'change');
  }

  /** @param {any} field one that takes text @param {string} text */
  insert(field, text) {
    if (!this.#enter(field)) return Outcome.notEditable;
    const isLined = field.isContentEditable || field.localName === 'textarea';
    for (const line of text.split(/(\n)/)) {
      if (line === '\n' && isLined) this.key(field, 'Enter', false);
      else if (line && line !== '\n') this.#type(field, line);
    }
    return Outcome.done;
  }

  /** What a key goes to that is meant for an element: whatever has the focus in it. @param {any} element */
  targetOf(element) {
    const active = activeIn(element.ownerDocument);
    const meant = active && element.contains(active) ? active : element;
    return editable(meant) ?? meant;
  }

  /** @param {any} field @param {string} key @param {boolean} isShifted */
  key(field, key, isShifted) {
    const isText = editable(field) === field;
    if (isText && !this.#enter(field)) return Outcome.notEditable;
    if (!isText && EDITING.has(key)) return Outcome.notEditable;
    if (this.events.key(field, 'keydown', key, isShifted)) this.#default(field, key, isShifted);
    if (field.isConnected) this.events.key(field, 'keyup', key, isShifted);
    return Outcome.done;
  }

  /** @param {any} select @param {any} option */
  choose(select, option) {
    this.settle(select);
    if (select !== select.getRootNode().activeElement) select.focus({ preventScroll: true });
    selectedOf.set?.call(option, select.multiple ? !option.selected : true);
    this.events.plain(select, 'input');
    this.events.plain(select, 'change');
    return Outcome.done;
  }

  /** Gives a field the focus; answers whether it has it. @param {any} field */
  #enter(field) {
    this.settle(field);
    const hasFocus = () => field.contains(activeIn(field.ownerDocument));
    if (hasFocus()) return true;
    field.focus({ preventScroll: true });
    if (field.isContentEditable) caretToEnd(field);
    return hasFocus();
  }

  /** Types characters without a line's end. @param {any} field @param {string} text */
  #type(field, text) {
    const isOne = [...text].length === 1;
    if (isOne && !this.events.key(field, 'keydown', text)) return;
    // A number has no caret that scripts know of, and half of one is no value: the browser types it.
    const isTyped = field.isContentEditable || field.type === 'number';
    // The page may have led the focus elsewhere by now.
    if (isTyped && !field.contains(activeIn(field.ownerDocument))) return;
    if (isTyped) field.ownerDocument.execCommand('insertText', false, text);
    else if (this.events.input(field, 'beforeinput', 'insertText', text)) this.#splice(field, text, 'insertText', 0);
    if (isOne && field.isConnected) this.events.key(field, 'keyup', text);
  }

  /** What the browser does with a key that the page leaves to it. @param {any} field @param {string} key @param {boolean} isShifted */
  #default(field, key, isShifted) {
    const isText = editable(field) === field;
    if (key === 'Tab') {
      this.settle(null);
      focusNext(field, isShifted);
    } else if (key === 'Enter') this.#enterKey(field);
    else if (field.isContentEditable || field.type === 'number') {
      if (key === 'Backspace') field.ownerDocument.execCommand('delete');
      if (key === 'Delete') field.ownerDocument.execCommand('forwardDelete');
    } else if (isText && (key === 'Backspace' || key === 'Delete')) {
      const inputType = key === 'Backspace' ? 'deleteContentBackward' : 'deleteContentForward';
      if (!this.events.input(field, 'beforeinput', inputType, null)) return;
      this.#splice(field, '', inputType, key === 'Backspace' ? -1 : 1);
    } else if (isText) moveCaret(field, key, isShifted);
  }

  /** @param {any} field */
  #enterKey(field) {
    if (field.isContentEditable) field.ownerDocument.execCommand('insertParagraph');
    else if (field.localName === 'textarea') {
      if (this.events.input(field, 'beforeinput', 'insertLineBreak', null)) this.#splice(field, '\n', 'insertLineBreak', 0);
    } else if (sendsForm(field)) {
      this.settle(null);
      const button = submitOf(field.form);
      if (button) button.click();
      else field.form.requestSubmit();
    } else if (field.type !== 'checkbox' && field.type !== 'radio') field.click();
  }

  /**
   * Puts a text in the place of what is chosen in a field; without a choice `reach` characters go, before the caret
   * when it is negative.
   * @param {any} field @param {string} text @param {string} inputType @param {number} reach
   */
  #splice(field, text, inputType, reach) {
    const { value } = field;
    let [start, end] = [field.selectionStart ?? value.length, field.selectionEnd ?? value.length];
    if (start === end && reach < 0) start -= before(value, start);
    if (start === end && reach > 0) end += after(value, end);
    const room = field.maxLength >= 0 ? Math.max(0, field.maxLength - (value.length - (end - start))) : Infinity;
    const inserted = text.slice(0, room);
    setters[/** @type {'input' | 'textarea'} */ (field.localName)].set?.call(field, value.slice(0, start) + inserted + value.slice(end));
    if (field.selectionStart !== null) field.setSelectionRange(start + inserted.length, start + inserted.length);
    this.#unsettled = field;
    this.events.input(field, 'input', inputType, text || null);
  }
}

/** The element that takes text for this one, if one does. @param {any} element */
export function editable(element) {
  if (element.isContentEditable) {
    let top = element;
    while (top.parentElement?.isContentEditable) top = top.parentElement;
    return top;
  }
  const field = element.localName === 'label' ? element.control : element;
  if (!field || field.readOnly || field.matches(':disabled')) return null;
  return field.localName === 'textarea' || (field.localName === 'input' && TEXT_TYPES.has(field.type)) ? field : null;
}

/** Whether Enter in a field sends its form. @param {any} field */
export function sendsForm(field) {
  return field.localName === 'input' && TEXT_TYPES.has(field.type) && field.form !== null;
}

/** The button by which Enter sends a form. @param {any} form */
export function submitOf(form) {
  return [...form.elements].find(isSubmit);
}

/** @param {any} field */
function caretToEnd(field) {
  const selection = field.ownerDocument.getSelection();
  selection?.selectAllChildren(field);
  selection?.collapseToEnd();
}

/** @param {any} field @param {string} key @param {boolean} isShifted */
function moveCaret(field, key, isShifted) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  if (start === null) return;
  const to = {
    ArrowLeft: start === end || isShifted ? start - before(value, start) : start,
    ArrowRight: start === end || isShifted ? end + after(value, end) : end,
    Home: 0, ArrowUp: 0, End: value.length, ArrowDown: value.length,
  }[key];
  if (to === undefined) return;
  if (isShifted) field.setSelectionRange(Math.min(start, to), Math.max(end, to));
  else field.setSelectionRange(to, to);
}

/** How many units the character before a place has. @param {string} value @param {number} place */
function before(value, place) {
  return [...value.slice(0, place)].pop()?.length ?? 0;
}

/** @param {string} value @param {number} place */
function after(value, place) {
  return [...value.slice(place, place + 2)][0]?.length ?? 0;
}
