//! The buffers that a batch is written into: 32-bit words and the strings they name for the first time.

/** Strings up to this length are remembered and named by number later. The Rust side forgets longer ones too. */
const REMEMBERED_UNITS_MAX = 64;
/** Texts of nodes shorter than this are often the same; looking up others costs more than writing them again. */
const REPEATED_UNITS_MAX = 8;
/** Past this many strings the numbering starts again. */
const STRINGS_MAX = 200_000;

/** @typedef {{words: Uint32Array, units: Uint32Array, strings: Uint8Array, fresh: boolean}} Message */

export class Batch {
  #words = new Uint32Array(1 << 12);
  #length = 0;
  /** @type {Map<string, number>} */
  #known = new Map();
  /** @type {Map<object, number>} */
  #shared = new Map();
  /** @type {string[]} */
  #fresh = [];
  #strings = 0;
  #forgets = true;
  #encoder = new TextEncoder();

  get isEmpty() {
    return this.#length === 0;
  }

  /** Appends a word; returns where it stands. @param {number} word */
  push(word) {
    if (this.#length === this.#words.length) this.#grow();
    this.#words[this.#length] = word;
    return this.#length++;
  }

  /** Appends several words. @param {number[]} words */
  put(...words) {
    for (const word of words) this.push(word);
  }

  /** Adds bits to a word that stands already. @param {number} place @param {number} bits */
  amend(place, bits) {
    this.#words[place] |= bits;
  }

  /** Appends the number of a string. @param {string} text */
  text(text) {
    const isKept = text.length <= REMEMBERED_UNITS_MAX;
    let number = isKept ? this.#known.get(text) : undefined;
    if (number === undefined) {
      number = this.#strings++;
      this.#fresh.push(text);
      if (isKept) this.#known.set(text, number);
    }
    this.push(number);
  }

  /** Appends the number of a string that hardly comes twice. @param {string} text */
  once(text) {
    if (text.length < REPEATED_UNITS_MAX) return this.text(text);
    this.#fresh.push(text);
    this.push(this.#strings++);
  }

  /** Appends the number of a long string that several places of one batch share. @param {object} owner @param {string} text */
  sharedText(owner, text) {
    let number = this.#shared.get(owner);
    if (number === undefined) {
      number = this.#strings++;
      this.#fresh.push(text);
      this.#shared.set(owner, number);
    }
    this.push(number);
  }

  /** Forgets everything written and remembered: the next batch begins a document. */
  restart() {
    this.#length = 0;
    this.#forget();
  }

  /** Returns what has been written since the last call. @returns {Message} */
  take() {
    const fresh = this.#fresh;
    const units = new Uint32Array(fresh.length);
    for (let i = 0; i < fresh.length; i++) units[i] = fresh[i].length;
    // The separator keeps half a surrogate pair at the end of one string apart from half a pair in the next.
    const strings = this.#encoder.encode(fresh.length ? fresh.join('\0') + '\0' : '');
    const message = { words: this.#words.slice(0, this.#length), units, strings, fresh: this.#forgets };
    this.#length = 0;
    this.#fresh = [];
    this.#shared.clear();
    this.#forgets = false;
    if (this.#strings > STRINGS_MAX) this.#forget();
    return message;
  }

  #forget() {
    this.#known.clear();
    this.#shared.clear();
    this.#fresh = [];
    this.#strings = 0;
    this.#forgets = true;
  }

  #grow() {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }
}
