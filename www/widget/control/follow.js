// What a visitor sees and decides while they share their page: who looks on, who asks to act on the page and who may,
// a pause, and taking back what was given.
import { ask } from "./ask.js";
import { readTexts } from "./texts.js";
import { showTools } from "./tools.js";
import { element } from "../files/element.js";

/**
 * @typedef {object} Standing as the server's socket says it
 * @property {{ number: number, agent: string, scopes: string[] } | null} asked
 * @property {{ agent: string, scopes: string[], for_ms: number } | null} given
 * @property {boolean} is_held
 * @property {string[]} watchers
 */

/**
 * @typedef {object} Session what is to be done with the visitor's decisions
 * @property {(number: number, scopes: string[]) => void} answer
 * @property {() => void} revoke
 * @property {(isHeld: boolean) => void} hold
 * @property {(label: string) => void} announce
 */

/**
 * Gives what follows one session.
 * @param {Session} session
 * @param {() => void} onAsked the panel is to be opened, so that the question can be seen
 */
export async function follow(session, onAsked) {
  const style = element("link", { rel: "stylesheet", href: new URL("control/control.css", import.meta.url).href });
  document.head.append(style);
  const texts = await readTexts();
  /** @type {{ number: number, close(): void } | undefined} */
  let question;
  /** The last question that was answered here: a word about it that was on its way asks nothing. */
  let answered = 0;
  const tools = showTools(texts, session);

  /** @param {Standing} standing */
  const hear = ({ asked, given, is_held, watchers }) => {
    tools.show(given, is_held, watchers);
    session.announce(given ? texts.text("announce", given.agent) : "");
    if (question && question.number !== asked?.number) question.close();
    if (!asked || asked.number <= answered || question?.number === asked.number) return;
    onAsked();
    const shown = ask(texts, asked, (scopes) => {
      if (question?.number === asked.number) question = undefined;
      answered = asked.number;
      session.answer(asked.number, scopes);
    });
    question = { number: asked.number, close: shown };
  };

  return {
    hear,
    close() {
      question?.close();
      tools.close();
      style.remove();
    },
  };
}
