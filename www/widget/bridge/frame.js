// The frame and the channel to it. A frame that does not answer is taken away, and the next wish for it makes
// another.

/** A frame whose script has not said a word after this time will not. */
const HELLO_MS = 15_000;

/**
 * @param {object} wiring
 * @param {import("../loader/types.js").Loader} wiring.loader
 * @param {() => object} wiring.init what the frame is told first
 * @param {(message: import("../loader/types.js").Message, ports: readonly MessagePort[]) => void} wiring.onMessage
 * @param {(reason: string) => void} wiring.onFailure
 */
export function openFrame({ loader, init, onMessage, onFailure }) {
  const { origin, settings, host } = loader;
  /** @type {import("../loader/types.js").Message[] | null} */
  let waiting = [];
  /** @type {MessagePort | undefined} */
  let port;
  const life = new AbortController();
  const { signal } = life;

  const frame = document.createElement("iframe");
  frame.dataset.testid = "frame";
  frame.title = settings.settings.title;
  frame.src = `${origin}/w/frame/${settings.touchpoint_id}`;

  const end = () => {
    life.abort();
    clearTimeout(timer);
    port?.close();
    frame.remove();
  };
  /** @param {string} reason */
  const fail = (reason) => {
    end();
    onFailure(reason);
  };
  const timer = setTimeout(() => fail(`the chat at ${origin} does not answer`), HELLO_MS);

  addEventListener(
    "message",
    (event) => {
      const source = frame.contentWindow;
      if (!source || event.source !== source || event.origin !== origin || event.data?.tandem !== "frame") return;
      clearTimeout(timer);
      port?.close();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data, ports }) => {
        if (data.type == "failed") fail(data.reason);
        else onMessage(data, ports);
      };
      source.postMessage({ tandem: "port", init: init() }, origin, [channel.port2]);
      // Taken first: whatever becomes of a message, the later ones go straight through the port.
      const messages = waiting ?? [];
      waiting = null;
      for (const message of messages) port.postMessage(message);
    },
    { signal },
  );
  document.addEventListener(
    "securitypolicyviolation",
    (event) => {
      // A policy that only reports lets the frame through.
      if (event.disposition != "enforce") return;
      if (/^(frame|child|default)-src/.test(event.effectiveDirective) && event.blockedURI.startsWith(origin)) {
        fail(`this page's Content-Security-Policy refuses the chat: add ${origin} to frame-src`);
      }
    },
    { signal },
  );
  host.box.append(frame);

  return {
    end,
    focus: () => frame.focus(),
    /** @param {import("../loader/types.js").Message} message */
    send(message) {
      if (waiting) waiting.push(message);
      else port?.postMessage(message);
    },
  };
}
