// Names this tab to the server, over reloads and from page to page: of several tabs, one shares its page.

/** Lasts as long as the page where it is not stored. @type {string | undefined} */
let held;

const made = () => {
  // `crypto.randomUUID` is missing on pages without TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/**
 * Gives the tab's key; the tab's own storage keeps it where that may be, and forgets it otherwise.
 * @param {string} name where it is kept
 * @param {boolean} mayStore
 */
export function pageKey(name, mayStore) {
  try {
    if (mayStore) {
      held ??= sessionStorage.getItem(name) ?? made();
      sessionStorage.setItem(name, held);
    } else {
      sessionStorage.removeItem(name);
    }
  } catch {
    // Blocked: `held` has it as long as the page lives.
  }
  return (held ??= made());
}
