// The question whether an agent may act on the page, and how.
import { element } from "../files/element.js";
import { question } from "./question.js";

/**
 * Asks; the answer holds the scopes the visitor allows, none when they refuse. Gives what takes the question away
 * without an answer.
 * @param {import("./texts.js").Texts} texts
 * @param {{ agent: string, scopes: string[] }} asked
 * @param {(scopes: string[]) => void} onAnswer
 * @returns {() => void}
 */
export function ask({ text }, { agent, scopes }, onAnswer) {
  const boxes = scopes.map((scope) =>
    element("input", { type: "checkbox", value: scope, checked: "", "data-testid": `control-${scope}` }),
  );
  const lines = boxes.map((box) => element("li", {}, element("label", {}, box, element("span", {}, text(box.value)))));
  const checked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const { dialog, yes, close } = question({
    title: text("title", agent),
    testid: "control-consent",
    parts: [
      element("p", {}, text("about", agent)),
      element("ul", { class: "scopes" }, ...lines),
      element("p", { class: "never" }, text("never")),
    ],
    deny: { label: text("deny"), testid: "control-deny" },
    allow: { label: text("allow"), testid: "control-allow" },
    onAnswer: (isAllowed) => onAnswer(isAllowed ? checked() : []),
  });
  dialog.onchange = () => (yes.disabled = !checked().length);
  return close;
}
