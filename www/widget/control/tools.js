// Beside the word that the page is shared: who looks on and may act, a pause, and taking the page back. The widget
// draws an empty element for it wherever that word stands.
import { element, icon } from "../files/element.js";

const PAUSE = "M9 5v14M15 5v14";
const PLAY = "M8 5l11 7-11 7Z";
const BACK = "M4 4l7 16 2-7 7-2Z M15 15l5 5";
const NAME = "share-tools";

/** What is drawn in each of the elements; they come and go with the panel. @type {((host: HTMLElement) => void) | undefined} */
let draw;

class ShareTools extends HTMLElement {
  connectedCallback() {
    draw?.(this);
  }
}

/**
 * @param {import("./texts.js").Texts} texts
 * @param {import("./follow.js").Session} session
 */
export function showTools(texts, session) {
  /** @type {{ agent: string } | null} */
  let given = null;
  let isHeld = false;
  /** @type {string[]} */
  let watchers = [];

  /** @param {string} key @param {string} path @param {string} testid @param {() => void} act */
  const button = (key, path, testid, act) => {
    const label = texts.text(key);
    const made = element("button", { type: "button", title: label, "aria-label": label, "data-testid": testid }, icon(path));
    made.onclick = act;
    return made;
  };

  const word = () => {
    if (isHeld) return texts.text("held");
    if (given) return texts.text("may", given.agent);
    return watchers.length > 1 ? texts.text("watchers", texts.list(watchers)) : "";
  };

  draw = (host) => {
    const text = word();
    const children = [];
    if (text) children.push(element("p", { "data-testid": "control-state" }, text));
    if (given && !isHeld) children.push(button("take_back", BACK, "control-revoke", session.revoke));
    children.push(
      isHeld
        ? button("go_on", PLAY, "cobrowse-resume", () => session.hold(false))
        : button("hold", PAUSE, "cobrowse-pause", () => session.hold(true)),
    );
    const active = host.contains(document.activeElement);
    host.replaceChildren(...children);
    // A word in place of the widget's own.
    host.toggleAttribute("data-speaks", text !== "");
    if (active) host.querySelector("button")?.focus();
  };

  if (!customElements.get(NAME)) customElements.define(NAME, ShareTools);
  const drawAll = () => {
    for (const host of document.querySelectorAll(NAME)) draw?.(/** @type {HTMLElement} */ (host));
  };
  drawAll();

  return {
    /**
     * @param {{ agent: string } | null} nowGiven
     * @param {boolean} nowHeld
     * @param {string[]} nowWatching
     */
    show(nowGiven, nowHeld, nowWatching) {
      [given, isHeld, watchers] = [nowGiven, nowHeld, nowWatching];
      drawAll();
    },
    close() {
      draw = undefined;
      for (const host of document.querySelectorAll(NAME)) host.replaceChildren();
    },
  };
}
