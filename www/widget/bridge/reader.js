// The reader of a co-browse session: imported into the page only when the visitor has agreed to share it.

/**
 * @param {import("../loader/types.js").Loader} loader
 * @param {(message: import("../loader/types.js").Message) => void} tell
 */
export function openReader({ origin, report }, tell) {
  /** @type {{ stop(): void } | undefined} */
  let running;
  const stop = () => {
    running?.stop();
    running = undefined;
  };
  return {
    stop,
    /**
     * @param {string} url
     * @param {object} config
     * @param {MessagePort} port to the recorder in the frame
     */
    async start(url, config, port) {
      stop();
      // Stopped before the module is here, it is not started at all.
      const loading = (running = { stop() {} });
      try {
        if (new URL(url).origin != origin) return;
        const module = await import(url);
        if (running == loading) running = module.start(port, config);
      } catch {
        report(`co-browsing cannot be loaded from ${origin}; does this page's script-src allow it?`);
        tell({ type: "reader_failed" });
      }
    },
  };
}
