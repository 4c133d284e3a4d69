// The checkout form: says what is missing; sends nothing anywhere.
import './shop.js';
import { clear } from './basket.js';
import { byId, make } from './dom.js';

const form = /** @type {HTMLFormElement} */ (byId('checkout'));
const account = /** @type {HTMLInputElement} */ (byId('account'));

account.addEventListener('change', () => {
  byId('account-fields').hidden = !account.checked;
});

/** @returns {string[]} */
function problems() {
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input, select, textarea')]);
  return fields
    .filter((field) => !field.validity.valid)
    .map((field) => `${field.labels?.[0]?.firstChild?.textContent?.trim()}: ${field.validationMessage}`);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const found = problems();
  byId('problems').replaceChildren(...found.map((text) => make('li', {}, text)));
  if (found.length > 0) return;
  clear();
  form.hidden = true;
  byId('thanks').hidden = false;
});
