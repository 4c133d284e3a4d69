// Where the frames of one visitor's tabs meet: a channel, and a lock whose holder leads the others.

/**
 * @param {string} name of both
 * @param {(word: { type: string }) => void} hear `leads`, `follows` (then `leads` when the tab that leads is gone),
 * `failed`, or what another tab says
 */
export function open(name, hear) {
  const life = new AbortController();
  const { signal } = life;
  const fail = () => signal.aborted || hear({ type: "failed" });
  /** @type {BroadcastChannel | undefined} */
  let channel;
  const lead = () => {
    if (signal.aborted) return;
    hear({ type: "leads" });
    // The lock is held until this promise ends, or the page does.
    return new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  try {
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data);
    const { locks } = navigator;
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock) return lead();
        if (signal.aborted) return;
        hear({ type: "follows" });
        locks.request(name, { signal }, lead).catch(fail);
      })
      .catch(fail);
  } catch {
    // Blocked, or missing on pages without TLS.
    fail();
  }
  return {
    /** @param {object} message */
    send: (message) => channel?.postMessage(message),
    close() {
      life.abort();
      channel?.close();
    },
  };
}
