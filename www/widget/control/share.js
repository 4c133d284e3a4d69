// The question whether the page may be shared: who will see it, what they see, what they never see. Asked when an agent
// wants to look, and when the visitor offers it.
import { question } from "./question.js";
import { element, icon } from "../files/element.js";

const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12ZM15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z";

/** The style sheet of questions; it is there as long as somebody needs it. */
export const questionStyle = () =>
  element("link", { rel: "stylesheet", href: new URL("control/control.css", import.meta.url).href });

/**
 * Asks. Gives what takes the question away without an answer.
 * @param {import("./texts.js").Texts} texts
 * @param {{ title: string, name: string, isRecorded: boolean }} about `name` is who will see the page
 * @param {(isAllowed: boolean) => void} onAnswer
 */
export function askToShare({ text }, { title, name, isRecorded }, onAnswer) {
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
  return question({
    title,
    testid: "cobrowse-consent",
    parts,
    deny: { label: text("share_deny"), testid: "cobrowse-deny" },
    allow: { label: text("share_allow"), testid: "cobrowse-allow" },
    onAnswer,
  }).close;
}
