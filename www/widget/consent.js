// The question of an agent whether they may see the page. Loaded when one asks for the first time.
import { askToShare, questionStyle } from "./control/share.js";
import { readTexts } from "./control/texts.js";

/**
 * Asks until it is answered or taken away.
 * @param {string} name who asks
 * @param {boolean} isRecorded
 * @param {(answer: { is_allowed: boolean }) => void} hear
 */
export function open(name, isRecorded, hear) {
  const style = questionStyle();
  let isClosed = false;
  /** @type {(() => void) | undefined} */
  let close;
  const begin = async () => {
    document.head.append(style);
    const texts = await readTexts();
    if (isClosed) return;
    const title = texts.text("consent_title", name);
    close = askToShare(texts, { title, name, isRecorded }, (is_allowed) => hear({ is_allowed }));
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
