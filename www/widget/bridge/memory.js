// What the frame wants to be kept, in the host page's own storage: only with consent, and for the length of the
// page when the storage is blocked or full.

/**
 * @param {string} prefix all keys of this touchpoint begin so
 * @param {boolean} mayStore
 * @param {AbortSignal} signal
 */
export function openMemory(prefix, mayStore, signal) {
  /** @type {Record<string, string>} */
  let values = {};

  /** @param {(storage: Storage) => void} work */
  const store = (work) => {
    try {
      if (mayStore) work(localStorage);
    } catch {
      // Blocked or full: `values` holds it as long as the page lives.
    }
  };
  /** @returns {Record<string, string>} */
  const stored = () => {
    /** @type {Record<string, string>} */
    const found = {};
    store((storage) => {
      for (const key of Object.keys(storage)) {
        if (key.startsWith(prefix)) found[key.slice(prefix.length)] = storage[key];
      }
    });
    return found;
  };
  values = stored();

  return {
    all: () => values,
    /**
     * Keeps a value, or forgets it when there is none.
     * @param {string} key
     * @param {string | null} [value]
     */
    set(key, value) {
      if (value == null) {
        delete values[key];
        store((storage) => storage.removeItem(prefix + key));
      } else {
        values[key] = value;
        store((storage) => storage.setItem(prefix + key, value));
      }
    },
    /**
     * Keeps a value, or forgets it, unless there is another one than the one that gives way: another tab may have kept
     * it a moment ago.
     * @param {string} key
     * @param {string | null} [value]
     * @param {string} [over] what gives way
     * @returns {string | undefined} what is kept now
     */
    claim(key, value, over) {
      const kept = stored()[key] ?? values[key];
      if (kept == null || kept === over) this.set(key, value);
      else values[key] = kept;
      return values[key];
    },
    /**
     * With consent, what is known so far is stored; without, what was stored is removed.
     * @param {boolean} isGiven
     * @returns {boolean} whether a conversation came back that this page did not know
     */
    consent(isGiven) {
      mayStore = true;
      const before = stored();
      const isBack = isGiven && "session" in before && !("session" in values);
      values = { ...before, ...values };
      store((storage) => {
        for (const key in values) {
          if (isGiven) storage.setItem(prefix + key, values[key]);
          else storage.removeItem(prefix + key);
        }
      });
      mayStore = isGiven;
      return isBack;
    },
    /**
     * Calls when another tab of this site keeps or forgets something; for a page out of the back/forward cache, which
     * may not have heard of it, when it is shown again. What is not stored then may never have been: the storage may be
     * full.
     * @param {(key: string, value: string | null) => void} follower
     */
    onOther(follower) {
      addEventListener(
        "pageshow",
        ({ persisted }) => {
          for (const [name, value] of Object.entries(persisted ? stored() : {})) {
            if (values[name] === value) continue;
            values[name] = value;
            follower(name, value);
          }
        },
        { signal },
      );
      addEventListener(
        "storage",
        ({ key, newValue }) => {
          if (!mayStore || !key?.startsWith(prefix)) return;
          const name = key.slice(prefix.length);
          if (newValue == null) delete values[name];
          else values[name] = newValue;
          follower(name, newValue);
        },
        { signal },
      );
    },
  };
}
