//! The page's address and title, also when a single-page application changes them.

import * as native from './native.js';
import * as Op from './op.js';
import { BLOCKED } from './policy.js';

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
    const { document, policy } = this.reader;
    const title = native.title(document);
    const flags = policy.flagsAt(native.byTag(document, 'title')[0]);
    if (flags & BLOCKED) return '';
    return policy.text(title, flags);
  }

  restart() {
    this.#told = this.#both();
  }

  flush() {
    const both = this.#both();
    if (this.#told === both) return;
    this.#told = both;
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
