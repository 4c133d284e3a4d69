//! Whether the visitor does something themselves: then the agent waits. What scripts make up does not count.

const EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'];
/** The agent may go on once the visitor has done nothing for this time. */
const REST_MS = 1_500;

export class Visitor {
  #lastAt = -Infinity;
  #ends = new AbortController();

  constructor() {
    const onInput = (/** @type {Event} */ event) => {
      if (event.isTrusted) this.#lastAt = performance.now();
    };
    const options = { capture: true, passive: true, signal: this.#ends.signal };
    for (const name of EVENTS) window.addEventListener(name, onInput, options);
  }

  get isActive() {
    return performance.now() - this.#lastAt < REST_MS;
  }

  stop() {
    this.#ends.abort();
  }
}
