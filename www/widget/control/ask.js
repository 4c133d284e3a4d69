// The question whether an agent may act on the page, and how.
import { element } from "../files/element.js";

/**
 * Asks; the answer holds the scopes the visitor allows, none when they refuse. Gives what takes the question away
 * without an answer.
 * @param {import("./texts.js").Texts} texts
 * @param {{ agent: string, scopes: string[] }} asked
 * @param {(scopes: string[]) => void} onAnswer
 * @returns {() => void}
 */
export function ask(texts, { agent, scopes }, onAnswer) {
  const boxes = scopes.map((scope) =>
    element("input", { type: "checkbox", value: scope, checked: "", "data-testid": `control-${scope}` }),
  );
  const deny = element("button", { type: "button", class: "quiet", "data-testid": "control-deny" }, texts.text("deny"));
  const allow = element("button", { type: "button", class: "strong", "data-testid": "control-allow" }, texts.text("allow"));
  const dialog = element(
    "dialog",
    { "data-testid": "control-consent", "aria-labelledby": "control-title" },
    element("h2", { id: "control-title" }, texts.text("title", agent)),
    element("p", {}, texts.text("about", agent)),
    element(
      "ul",
      { class: "scopes" },
      ...boxes.map((box) => element("li", {}, element("label", {}, box, element("span", {}, texts.text(box.value))))),
    ),
    element("p", { class: "never" }, texts.text("never")),
    element("div", { class: "choices" }, deny, allow),
  );
  const close = () => dialog.remove();
  /** @param {Event} event @param {string[]} allowed */
  const answer = (event, allowed) => {
    // What a script of the page made up is no answer.
    if (!event.isTrusted) return;
    close();
    onAnswer(allowed);
  };
  deny.onclick = (event) => answer(event, []);
  allow.onclick = (event) => answer(event, boxes.filter((box) => box.checked).map((box) => box.value));
  dialog.oncancel = (event) => answer(event, []);
  dialog.onchange = () => (allow.disabled = !boxes.some((box) => box.checked));
  document.body.append(dialog);
  dialog.showModal();
  deny.focus();
  return close;
}
