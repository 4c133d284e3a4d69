// What stands for a socket where the network lets none through: requests that wait for their answers.

/** The codes a socket would be closed with. */
const CODES = { 401: 4401, 403: 4403, 426: 4426, 429: 4009 };
const BROKEN_OFF = 1006;
/** What is to be said waits this long at most for the request before it, so that it does not overtake. */
const TURN_MS = 1000;

/**
 * @param {string} url
 * @param {(word: { type: string, frame?: object, code?: number }) => void} hear `opened`, `frame`, `closed`
 */
export function open(url, hear) {
  const life = new AbortController();
  const { signal } = life;
  /** @type {string | undefined} */
  let pollId;
  /** @type {string[]} */
  let waiting = [];
  let requests = 0;
  /** When the last request went out that brought frames and has no answer yet. @type {number | undefined} */
  let saidAt;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {number} code */
  const end = (code) => {
    if (signal.aborted) return;
    close();
    hear({ type: "closed", code });
  };
  const close = () => {
    life.abort();
    clearTimeout(timer);
  };

  const ask = async () => {
    const frames = waiting;
    waiting = [];
    requests++;
    const said = frames.length ? (saidAt = performance.now()) : undefined;
    const connection = pollId ? `"poll_id":${JSON.stringify(pollId)},` : "";
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: `{${connection}"frames":[${frames}]}`,
        signal,
      });
      if (!answer.ok) return end(/** @type {any} */ (CODES)[answer.status] ?? BROKEN_OFF);
      const { poll_id, frames: heard, close: code } = await answer.json();
      requests--;
      if (said === saidAt) saidAt = undefined;
      pollId = poll_id;
      for (const frame of heard) if (!signal.aborted) hear({ type: "frame", frame });
      if (code) end(code);
      else turn();
    } catch {
      end(BROKEN_OFF);
    }
  };

  /** Says what waits, or else listens. */
  const turn = () => {
    if (signal.aborted) return;
    const pause = saidAt === undefined ? 0 : saidAt + TURN_MS - performance.now();
    if (!waiting.length) {
      if (!requests) ask();
    } else if (!requests || (pollId && pause <= 0)) {
      ask();
    } else if (pollId) {
      clearTimeout(timer);
      timer = setTimeout(turn, pause);
    }
  };

  queueMicrotask(() => signal.aborted || hear({ type: "opened" }));
  return {
    /** @param {string} frame */
    send(frame) {
      // What is said in one go travels together.
      if (waiting.push(frame) == 1) queueMicrotask(turn);
    },
    close,
  };
}
