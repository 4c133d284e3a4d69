// The page the visitor is on, also when a single-page application moves on without loading.

/** The address goes without its fragment, which may carry secrets. */
export function currentPage() {
  return {
    url: location.origin + location.pathname + location.search,
    title: document.title,
    referrer: document.referrer,
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
