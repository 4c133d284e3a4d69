// What a tab keeps for itself, over reloads and from page to page of one site: in the tab's own storage where that
// may be, else as long as the page lives.

/**
 * @param {string} prefix all keys begin so
 * @param {() => boolean} mayStore nothing is kept for a visitor who has not acted
 */
export function openTabMemory(prefix, mayStore) {
  /** @type {Record<string, string | null>} */
  const values = {};

  /** @param {(storage: Storage) => void} work */
  const store = (work) => {
    try {
      work(sessionStorage);
    } catch {
      // Blocked or full.
    }
  };
  /** @param {string} key */
  const get = (key) => {
    if (!(key in values) && mayStore()) store((storage) => (values[key] = storage.getItem(prefix + key)));
    return values[key] ?? null;
  };
  /** Writes everything down, or forgets it, as it may be kept now. */
  const settle = () => {
    for (const key in values) {
      const value = values[key];
      store((storage) => {
        if (value != null && mayStore()) storage.setItem(prefix + key, value);
        else storage.removeItem(prefix + key);
      });
    }
  };
  return {
    get,
    settle,
    /**
     * @param {string} key
     * @param {string | null} value
     */
    set(key, value) {
      values[key] = value;
      settle();
    },
  };
}
