// The menu of the chat: what a visitor rarely needs. Loaded when it is opened for the first time; another entry is one
// more line in `entries`.
import { askToShare, questionStyle } from "./control/share.js";
import { readTexts } from "./control/texts.js";
import { element } from "./files/element.js";
import { codes } from "./menu/code.js";
import { showList } from "./menu/list.js";
import { offers } from "./menu/offer.js";
import { reach } from "./menu/reach.js";

/**
 * @typedef {object} Standing what the widget knows, told whenever it changes
 * @property {string} token of the visitor; empty before there is one
 * @property {string} conversation_id of the conversation that runs; empty when none does
 * @property {boolean} is_asked whether a session is asked for or live
 * @property {boolean} is_pressed whether this is told because the button was pressed
 */

/** @typedef {import("./control/texts.js").Texts} Texts */

/**
 * Opens the menu; what is to be done with the chat itself is said to `hear`.
 * @param {(word: object) => void} hear
 */
export function open(hear) {
  /** @type {((standing: Standing) => void) | undefined} */
  let follow;
  /** @type {Standing | undefined} */
  let last;
  const style = element("link", { rel: "stylesheet", href: new URL("menu/menu.css", import.meta.url).href });
  const begin = async () => {
    const loaded = new Promise((resolve) => (style.onload = style.onerror = resolve));
    document.head.append(style, questionStyle());
    const [own, shared] = await Promise.all([readTexts("menu"), readTexts(), loaded]);
    const { follow: now, press } = run(own, shared, hear);
    if (last) now(last);
    if (last?.is_pressed) press(true);
    follow = (standing) => {
      now(standing);
      if (standing.is_pressed) press(false);
    };
  };
  begin().catch(() => {
    style.remove();
    hear({ type: "failed" });
  });
  return {
    /** @param {Standing} standing */
    send(standing) {
      last = { ...standing, is_pressed: standing.is_pressed || (!follow && !!last?.is_pressed) };
      follow?.(last);
    },
    close() {},
  };
}

/**
 * @param {Texts} texts
 * @param {Texts} shared the texts of the question that agents ask as well
 * @param {(word: object) => void} hear
 */
function run(texts, shared, hear) {
  const server = reach();
  const offer = offers(texts, server, hear, (isRecorded, onAnswer) =>
    askToShare(shared, { title: texts.text("offer_title"), name: texts.text("offer_team"), isRecorded }, onAnswer),
  );
  const code = codes(texts, server, () => hear({ type: "begin", text: texts.text("code_message") }));
  const beginCode = () => {
    // Whoever is to be asked in any case offers nothing any more.
    offer.withdraw();
    code.show();
  };
  const list = showList(texts.text("menu"), [
    { name: "offer", label: texts.text("offer"), act: offer.begin },
    { name: "code", label: texts.text("code"), act: beginCode },
  ]);

  /** @param {Standing} standing */
  const follow = (standing) => {
    server.follow(standing);
    offer.follow(standing);
    code.follow(standing);
    list.enable("offer", !standing.is_asked && !!standing.conversation_id && !offer.stands());
    list.enable("code", !standing.is_asked);
  };
  return { follow, press: list.press };
}
