// The front page: the collection in the order the visitor asks for.
import './shop.js';
import { card } from './card.js';
import { products } from './catalogue.js';
import { byId } from './dom.js';

/** @typedef {import('./catalogue.js').Product} Product */

/** @type {Record<string, (a: Product, b: Product) => number>} */
const orders = {
  'price-up': (a, b) => a.priceCents - b.priceCents,
  'price-down': (a, b) => b.priceCents - a.priceCents,
  name: (a, b) => a.name.localeCompare(b.name),
};

const sort = /** @type {HTMLSelectElement} */ (byId('sort'));

function show() {
  const order = orders[sort.value];
  const sorted = order ? [...products].sort(order) : products;
  byId('grid').replaceChildren(...sorted.map(card));
}

sort.addEventListener('change', show);
show();
