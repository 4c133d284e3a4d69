//! The options of a select on the visitor's page, to choose from: the rebuilt page itself runs nothing.

import { CHOOSE } from './texts.js';

const ROWS_MAX = 10;

/**
 * Makes the list; it takes itself away once something was chosen or the focus is elsewhere.
 * @param {{options: {id: number, label: string, is_disabled: boolean, is_chosen: boolean}[]}} choices
 * @param {(id: number) => void} onChoose
 */
export function optionList({ options }, onChoose) {
  const list = document.createElement('select');
  list.className = 'options';
  list.setAttribute('aria-label', CHOOSE);
  list.size = Math.max(2, Math.min(options.length, ROWS_MAX));
  for (const { id, label, is_disabled, is_chosen } of options) {
    const option = new Option(label || '\u2013', String(id), is_chosen, is_chosen);
    option.disabled = is_disabled;
    list.append(option);
  }
  const choose = () => {
    if (!list.isConnected || !list.value) return;
    onChoose(Number(list.value));
    list.remove();
  };
  list.addEventListener('click', choose);
  list.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') choose();
    else if (event.key === 'Escape') list.remove();
  });
  list.addEventListener('blur', () => list.remove());
  return list;
}
