// The page the visitor is on, also when a single-page application moves on without loading.

/** The server keeps no more of any of the texts, and takes no frame of any length. */
const TEXT_CHARS_MAX = 2000;

/** The address goes without its fragment, which may carry secrets. */
export function currentPage() {
  /** @param {string} text */
  const cut = (text) => text.slice(0, TEXT_CHARS_MAX);
  return {
    url: cut(location.origin + location.pathname + location.search),
    title: cut(document.title),
    referrer: cut(document.referrer),
  };
}

/**
 * @param {() => void} onMove
 * @param {AbortSignal} signal
 */
export function watchPage(onMove, signal) {
  // Applications set the title right after the address.
  const later = () => setTimeout(onMove, 50);
  const navigation = /** @type {EventTarget | undefined} */ (/** @type {any} */ (window).navigation);
  if (navigation) {
    navigation.addEventListener("currententrychange", later, { signal });
    return;
  }
  addEventListener("popstate", later, { signal });
  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const original = history[name];
    history[name] = function (...values) {
      original.apply(this, values);
      if (!signal.aborted) later();
    };
  }
}
