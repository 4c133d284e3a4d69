//! The page's address and title, also when a single-page application changes them.

import * as Op from './op.js';
import { mask } from './policy.js';

export class AddressSignal {
  #told = '';

  /** @param {import('./reader.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
  }

  url() {
    return bare(window.location.href);
  }

  title() {
    const { title } = this.reader.document;
    return this.reader.policy.isStrict ? mask(title) : title;
  }

  restart() {
    this.#told = this.#both();
  }

  flush() {
    if (this.#told === this.#both()) return;
    this.#told = this.#both();
    const { batch } = this.reader;
    batch.push(Op.address);
    batch.text(this.url());
    batch.text(this.title());
  }

  #both() {
    return `${this.url()}\n${this.title()}`;
  }
}

/** An address without its query and fragment, which may tell of the visitor. @param {string} address */
export function bare(address) {
  return address.replace(/[?#].*/s, '');
}
