//! Whether the visitor does something themselves: then the agent waits. What scripts make up does not count.

const EVENTS = ['pointerdown', 'keydown', 'wheel', 'touchstart'];
/** The agent may go on once the visitor has done nothing for this time. */
const REST_MS = 1_500;

export class Visitor {
  #lastAt = -Infinity;
  #ends = new AbortController();
  #watched = new WeakSet();

  /** @param {() => void} onEscape called for Esc in a frame; in the page itself somebody else listens */
  constructor(onEscape) {
    this.onEscape = onEscape;
    this.watch(window);
  }

  /** Listens in a window from here on. @param {any} view */
  watch(view) {
    if (!view || this.#watched.has(view)) return;
    this.#watched.add(view);
    const onInput = (/** @type {any} */ event) => {
      if (!event.isTrusted) return;
      this.#lastAt = performance.now();
      if (view !== window && event.key === 'Escape') this.onEscape();
    };
    const options = { capture: true, passive: true, signal: this.#ends.signal };
    for (const name of EVENTS) view.addEventListener(name, onInput, options);
  }

  get isActive() {
    return performance.now() - this.#lastAt < REST_MS;
  }

  stop() {
    this.#ends.abort();
  }
}
