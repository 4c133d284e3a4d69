// The sharing of the page: the recorder, and what the visitor sees and decides meanwhile. Loaded only when the visitor
// has agreed to share the page.
import { follow } from "./control/follow.js";

/** @param {string} name */
const load = (name) => import(new URL(name, import.meta.url).href);

/**
 * Loads the recorder and starts it; stopped before it is there, it never starts.
 * @param {MessagePort} port to the reader in the page
 * @param {string} socketUrl
 * @param {string} cobrowseId
 * @param {string} ticket
 * @param {(event: any) => void} onEvent
 */
export function open(port, socketUrl, cobrowseId, ticket, onEvent) {
  /** @type {any} */
  let session;
  /** @type {Awaited<ReturnType<typeof follow>> | undefined} */
  let control;
  let isStopped = false;
  /** @param {any} event */
  const hear = (event) => (event.type == "control" ? control?.hear(event) : onEvent(event));
  const begin = async () => {
    const recorder = await load("recorder.js");
    await recorder.default({ module_or_path: new URL("recorder_bg.wasm", import.meta.url) });
    control = await follow(
      {
        answer: (number, scopes) => session?.answer(number, scopes),
        revoke: () => session?.revoke(),
        hold: (isHeld) => session?.hold(isHeld),
        announce: (label) => session?.announce(label),
      },
      () => onEvent({ type: "asked" }),
    );
    if (isStopped) control.close();
    else session = new recorder.RecorderSession(port, socketUrl, cobrowseId, ticket, hear);
  };
  begin().catch(() => {
    if (!isStopped) onEvent({ type: "failed" });
  });
  return {
    close() {
      isStopped = true;
      control?.close();
      session?.stop();
      session = undefined;
    },
  };
}
