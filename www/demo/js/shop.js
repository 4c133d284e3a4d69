// What every page of the shop has: the count in the header.
import { lines, onChange } from './basket.js';

onChange(() => {
  const count = lines().reduce((sum, line) => sum + line.quantity, 0);
  for (const badge of document.querySelectorAll('[data-cart-count]')) badge.textContent = String(count);
});
