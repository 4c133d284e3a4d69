// A question that the visitor answers with yes or no, in front of everything else in the frame. Esc means no.
import { element } from "../files/element.js";

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} testid
 * @property {Element[]} parts between title and buttons; what has the class `medal` stands above the title
 * @property {{ label: string, testid: string }} deny
 * @property {{ label: string, testid: string }} allow
 * @property {(isAllowed: boolean) => void} onAnswer
 */

/**
 * Shows it; the answer takes it away, and so does `close`.
 * @param {Question} question
 */
export function question({ title, testid, parts, deny, allow, onAnswer }) {
  const no = element("button", { type: "button", class: "quiet", "data-testid": deny.testid }, deny.label);
  const yes = element("button", { type: "button", class: "strong", "data-testid": allow.testid }, allow.label);
  const heading = element("h2", { id: `${testid}-title` }, title);
  const medal = parts.filter((part) => part.className == "medal");
  const rest = parts.filter((part) => part.className != "medal");
  const dialog = element(
    "dialog",
    { "data-testid": testid, "aria-labelledby": heading.id },
    ...medal,
    heading,
    ...rest,
    element("div", { class: "choices" }, no, yes),
  );
  const close = () => {
    // Closed first: the browser gives the focus back to what had it.
    dialog.close();
    dialog.remove();
  };
  /** @param {Event} event @param {boolean} isAllowed */
  const answer = (event, isAllowed) => {
    // What a script made up is no answer.
    if (!event.isTrusted) return;
    close();
    onAnswer(isAllowed);
  };
  no.onclick = (event) => answer(event, false);
  yes.onclick = (event) => answer(event, true);
  dialog.oncancel = (event) => answer(event, false);
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
  return { dialog, yes, close };
}
