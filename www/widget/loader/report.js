// What the loader has to say goes to the browser's console, one clear line at a time.

/** @param {string} line */
export function report(line) {
  console.warn("Tandem: " + line);
}

/**
 * Wraps a function that the page or the browser calls, so that nothing is ever thrown into the page.
 * @template {any[]} T
 * @param {(...values: T) => void} work
 * @returns {(...values: T) => void}
 */
export function guarded(work) {
  return (...values) => {
    try {
      work(...values);
    } catch (error) {
      report(String(error));
    }
  };
}
