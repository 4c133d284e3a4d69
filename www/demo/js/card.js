// One product in a grid.
import { formatPrice } from './catalogue.js';
import { make } from './dom.js';

/** @param {import('./catalogue.js').Product} product */
export function card(product) {
  const picture = make('img', { src: `/demo/images/${product.id}.svg`, alt: '', width: 400, height: 320 });
  const name = make('span', { className: 'card-name' }, product.name);
  const price = make('span', { className: 'card-price' }, formatPrice(product.priceCents));
  const link = make('a', { href: `/demo/product.html?item=${product.id}`, className: 'card' }, picture, name, price);
  return make('li', {}, link);
}
