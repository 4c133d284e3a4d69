// What is in the cart, kept in this browser and told to every tab of it.

const KEY = 'alder-finch-cart';

/** @typedef {{ productId: string, colour: string, quantity: number }} Line */

/** @returns {Line[]} */
export function lines() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

/** @param {Line[]} next */
function keep(next) {
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage may be blocked; then the cart lasts as long as the page.
  }
  document.dispatchEvent(new CustomEvent('cart-changed'));
}

/** @param {Line} line */
export function add(line) {
  const next = lines();
  const same = next.find((it) => it.productId === line.productId && it.colour === line.colour);
  if (same) same.quantity += line.quantity;
  else next.push(line);
  keep(next);
}

/**
 * Sets the quantity of one line; zero removes it.
 * @param {number} index
 * @param {number} quantity
 */
export function setQuantity(index, quantity) {
  const next = lines();
  if (quantity > 0) next[index].quantity = quantity;
  else next.splice(index, 1);
  keep(next);
}

export function clear() {
  keep([]);
}

/** Calls back now and whenever the cart changes, in this tab or another.
 * @param {() => void} show */
export function onChange(show) {
  document.addEventListener('cart-changed', show);
  addEventListener('storage', show);
  show();
}
