// The question whether the page may be shared: who asks, what they will see, what they never see. Loaded when an agent
// asks for the first time.
import { readTexts } from "./control/texts.js";
import { question } from "./control/question.js";
import { element, icon } from "./files/element.js";

const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12ZM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z";

/**
 * Asks until it is answered or taken away.
 * @param {string} name who asks
 * @param {boolean} isRecorded
 * @param {(answer: { is_allowed: boolean }) => void} hear
 */
export function open(name, isRecorded, hear) {
  const style = element("link", { rel: "stylesheet", href: new URL("control/control.css", import.meta.url).href });
  let isClosed = false;
  /** @type {(() => void) | undefined} */
  let close;
  const begin = async () => {
    document.head.append(style);
    const { text } = await readTexts();
    if (isClosed) return;
    const told = element(
      "dl",
      {},
      element("dt", {}, text("consent_seen_title", name)),
      element("dd", {}, text("consent_seen")),
      element("dt", {}, text("consent_hidden_title", name)),
      element("dd", {}, text("consent_hidden")),
    );
    const parts = [element("div", { class: "medal" }, icon(EYE)), told];
    if (isRecorded) parts.push(element("p", {}, element("strong", {}, text("consent_recorded"))));
    parts.push(element("p", {}, text("consent_stop")));
    ({ close } = question({
      title: text("consent_title", name),
      testid: "cobrowse-consent",
      parts,
      deny: { label: text("share_deny"), testid: "cobrowse-deny" },
      allow: { label: text("share_allow"), testid: "cobrowse-allow" },
      onAnswer: (is_allowed) => hear({ is_allowed }),
    }));
  };
  // Without its texts it is not asked; the agent's question ends by itself.
  begin().catch(() => {});
  return {
    send() {},
    close() {
      isClosed = true;
      close?.();
      style.remove();
    },
  };
}
