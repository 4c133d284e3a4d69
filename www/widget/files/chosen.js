// The files beside a text that is not sent yet, and why others were not taken.
import { arrange, element, icon, removeButton, SHEET } from "./element.js";
import { isPicture } from "./picture.js";

/**
 * @param {import("../frame/files.js").Chosen[]} chosen
 * @param {import("../frame/files.js").Fault[]} faults
 * @param {import("./texts.js").Texts} texts
 * @param {(fileId: string) => void} onRemove
 */
export function showChosen(chosen, faults, texts, onRemove) {
  const place = document.getElementById("chosen");
  if (!place) return;
  /** @type {Map<string, Element>} */
  const drawn = new Map([...place.querySelectorAll("[data-chip]")].map((it) => [it.getAttribute("data-chip") ?? "", it]));
  const chips = chosen.map((file) => drawn.get(file.file_id) ?? chip(file, texts, onRemove));
  const reasons = [...new Set(faults.map(({ fault, name }) => texts.text(fault, name)))];
  const list = place.querySelector("ul") ?? element("ul");
  const before = place.querySelector(".fault");
  // An alert that is made anew would be read out again.
  const isSame = [...(before?.children ?? [])].map((it) => it.textContent).join("\n") == reasons.join("\n");
  const said =
    (isSame && before) ||
    element("div", { class: "fault", role: "alert" }, ...reasons.map((it) => element("p", {}, it)));
  arrange(list, chips);
  arrange(place, [...(chips.length ? [list] : []), ...(reasons.length ? [said] : [])]);
}

/**
 * @param {import("../frame/files.js").Chosen} file
 * @param {import("./texts.js").Texts} texts
 * @param {(fileId: string) => void} onRemove
 */
function chip({ file_id, name, media_type, bytes }, texts, onRemove) {
  const remove = () => {
    onRemove(file_id);
    document.getElementById("composer")?.focus();
  };
  const picture = element("span", { class: "picture", "data-picture": file_id }, element("img", { alt: "" }));
  return element(
    "li",
    { class: "chip", "data-chip": file_id, "data-testid": "chip" },
    isPicture(media_type) ? picture : icon(SHEET),
    element("span", {}, element("bdi", {}, name), element("small", {}, texts.about(name, bytes))),
    removeButton(texts.text("remove", name), remove),
  );
}
