// The cart: lines that come and go, totals that follow.
import './shop.js';
import { lines, onChange, setQuantity } from './basket.js';
import { findProduct, formatPrice } from './catalogue.js';
import { byId, make } from './dom.js';

const DELIVERY_CENTS = 500;
const FREE_FROM_CENTS = 6000;

/**
 * @param {import('./basket.js').Line} line
 * @param {number} index
 */
function row(line, index) {
  const product = findProduct(line.productId);
  if (!product) return make('li', { hidden: true });
  const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ quantity) => {
    const it = make('button', { type: 'button', className: 'step', ariaLabel: `${label} ${product.name}` }, text);
    it.addEventListener('click', () => setQuantity(index, quantity));
    return it;
  };
  return make('li', { className: 'line' },
    make('img', { src: `/demo/images/${product.id}.svg`, alt: '', width: 120, height: 96 }),
    make('div', { className: 'line-words' },
      make('a', { href: `/demo/product.html?item=${product.id}` }, product.name),
      make('span', { className: 'hint' }, line.colour)),
    make('div', { className: 'steps' },
      button('−', 'One less', line.quantity - 1),
      make('span', { className: 'quantity' }, String(line.quantity)),
      button('+', 'One more', line.quantity + 1)),
    make('span', { className: 'line-price' }, formatPrice(product.priceCents * line.quantity)),
    button('Remove', 'Remove', 0));
}

function show() {
  const all = lines();
  byId('empty').hidden = all.length > 0;
  byId('full').hidden = all.length === 0;
  byId('lines').replaceChildren(...all.map(row));
  const subtotal = all.reduce((sum, line) => sum + (findProduct(line.productId)?.priceCents ?? 0) * line.quantity, 0);
  const delivery = subtotal >= FREE_FROM_CENTS ? 0 : DELIVERY_CENTS;
  byId('subtotal').textContent = formatPrice(subtotal);
  byId('delivery').textContent = delivery ? formatPrice(delivery) : 'free';
  byId('total').textContent = formatPrice(subtotal + delivery);
  byId('free-hint').textContent = delivery ? `${formatPrice(FREE_FROM_CENTS - subtotal)} more and delivery is free.` : '';
}

onChange(show);
