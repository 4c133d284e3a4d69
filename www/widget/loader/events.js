// The events a site can follow: by `Tandem.on` and as `tandem:…` on the document.

export function openEvents() {
  /** @type {Record<string, Set<import("./types.js").Call>>} */
  const followers = {};
  return {
    /**
     * @param {string} name
     * @param {import("./types.js").Call} follower
     */
    on(name, follower) {
      const all = (followers[name] ??= new Set());
      all.add(follower);
      return () => all.delete(follower);
    },
    /**
     * @param {string} name
     * @param {any} [detail]
     */
    emit(name, detail) {
      for (const follower of followers[name] ?? []) {
        try {
          follower(detail);
        } catch (error) {
          // The site's own mistake, shown as such; the others are called all the same.
          console.error(error);
        }
      }
      document.dispatchEvent(new CustomEvent("tandem:" + name, { detail }));
    },
  };
}
