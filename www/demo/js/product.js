// One product: what the address names, or the first one.
import './shop.js';
import { add } from './basket.js';
import { card } from './card.js';
import { findProduct, formatPrice, products } from './catalogue.js';
import { byId, make } from './dom.js';

const product = findProduct(new URLSearchParams(location.search).get('item')) ?? products[0];

function show() {
  document.title = `${product.name} – Alder & Finch`;
  byId('crumb').textContent = product.name;
  byId('name').textContent = product.name;
  byId('price').textContent = formatPrice(product.priceCents);
  byId('about').textContent = product.about;
  const picture = /** @type {HTMLImageElement} */ (byId('picture'));
  picture.src = `/demo/images/${product.id}.svg`;
  picture.alt = product.name;
  byId('colour').replaceChildren(...product.colours.map((colour) => make('option', {}, colour)));
  const facts = Object.entries(product.facts).flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]);
  byId('facts').replaceChildren(...facts);
  const start = products.indexOf(product);
  const also = [1, 2, 3].map((step) => products[(start + step) % products.length]);
  byId('also').replaceChildren(...also.map(card));
}

byId('buy').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const quantity = Math.max(1, Math.min(20, Number(form.get('quantity')) || 1));
  add({ productId: product.id, colour: String(form.get('colour')), quantity });
  byId('added').replaceChildren(`${quantity} × ${product.name} added. `, make('a', { href: '/demo/cart.html' }, 'Go to cart'));
});

show();
