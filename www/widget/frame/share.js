// The recorder of a co-browse session: its module is loaded only when the visitor has agreed to share the page.

/**
 * Loads the recorder and starts it; stopped before it is there, it never starts.
 * @param {MessagePort} port to the reader in the page
 * @param {string} socketUrl
 * @param {string} cobrowseId
 * @param {string} ticket
 * @param {(event: { type: string }) => void} onEvent
 */
export function share(port, socketUrl, cobrowseId, ticket, onEvent) {
  /** @type {{ stop(): void } | undefined} */
  let session;
  let isStopped = false;
  const begin = async () => {
    const recorder = await import(new URL("recorder.js", import.meta.url).href);
    await recorder.default({ module_or_path: new URL("recorder_bg.wasm", import.meta.url) });
    if (!isStopped) session = new recorder.RecorderSession(port, socketUrl, cobrowseId, ticket, onEvent);
  };
  begin().catch(() => {
    if (!isStopped) onEvent({ type: "failed" });
  });
  return {
    stop() {
      isStopped = true;
      session?.stop();
      session = undefined;
    },
  };
}
