// Names this tab to the server, over reloads and from page to page: of several tabs, one shares its page.

const made = () => {
  // `crypto.randomUUID` is missing on pages without TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** @param {ReturnType<typeof import("./tab-memory.js").openTabMemory>} tab */
export function pageKey(tab) {
  const key = tab.get("page") ?? made();
  tab.set("page", key);
  return key;
}
