// What the shop sells. Prices are whole cents.

/**
 * @typedef {object} Product
 * @property {string} id
 * @property {string} name
 * @property {number} priceCents
 * @property {string} about
 * @property {string[]} colours
 * @property {Record<string, string>} facts
 */

/** @type {Product[]} */
export const products = [
  { id: 'mug', name: 'Stoneware mug', priceCents: 2400, colours: ['Lichen', 'Oat', 'Slate'],
    about: 'Thrown on the wheel, dipped twice. No two have the same line where the glazes meet.',
    facts: { Holds: '350 ml', Maker: 'Tonwerk, Dresden', Care: 'Dishwasher' } },
  { id: 'stool', name: 'Oak stool', priceCents: 18900, colours: ['Natural', 'Smoked'],
    about: 'Three legs, so that it never wobbles. Joined with wedges, finished with hard wax oil.',
    facts: { Height: '45 cm', Carries: '140 kg', Maker: 'Holz & Söhne, Ulm' } },
  { id: 'can', name: 'Watering can', priceCents: 5600, colours: ['Forest', 'Zinc'],
    about: 'A long spout for the back row and a rose that rains instead of pouring.',
    facts: { Holds: '5 litres', Material: 'Powder-coated steel', Maker: 'Blechner, Gent' } },
  { id: 'candle', name: 'Beeswax candles', priceCents: 1800, colours: ['Honey'],
    about: 'Three of them, poured from the wax of one valley. They smell faintly of summer.',
    facts: { Burns: '20 hours each', Material: 'Beeswax, cotton', Maker: 'Imkerei Roth' } },
  { id: 'birdhouse', name: 'Bird house', priceCents: 4200, colours: ['Brick', 'Moss'],
    about: 'The right hole for tits and sparrows, a roof that opens for cleaning in autumn.',
    facts: { Hole: '32 mm', Material: 'Larch', Maker: 'Alder & Finch' } },
  { id: 'cushion', name: 'Linen cushion', priceCents: 3900, colours: ['Heather', 'Chalk', 'Ink'],
    about: 'Washed linen, embroidered by hand in a pattern that took an afternoon.',
    facts: { Size: '50 × 50 cm', Filling: 'Wool', Care: '40 °C' } },
  { id: 'trowel', name: 'Garden trowel', priceCents: 3200, colours: ['Ash'],
    about: 'Forged in one piece, with an edge that cuts roots and a handle that fits.',
    facts: { Length: '31 cm', Material: 'Carbon steel, ash', Maker: 'Sneeboer' } },
  { id: 'board', name: 'Walnut board', priceCents: 6400, colours: ['Walnut'],
    about: 'Cut from one plank along the grain. Bread on one side, cheese on the other.',
    facts: { Size: '46 × 18 cm', Care: 'By hand, oil twice a year', Maker: 'Holz & Söhne, Ulm' } },
];

/** @param {string | null} id */
export function findProduct(id) {
  return products.find((product) => product.id === id);
}

/** @param {number} cents */
export function formatPrice(cents) {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(cents / 100);
}
