// The files of messages: pictures as such, others as rows to be saved, and how far those are that are on their way.
import { ARROW, arrange, element, icon, removeButton, SHEET } from "./element.js";
import { isPicture } from "./picture.js";

/**
 * @typedef {object} EntryFile as the widget's log has it
 * @property {string} [attachment_id] the server's name, once it has it
 * @property {string} [file_id] the name in this browser, while its message waits
 * @property {string} name
 * @property {string} media_type
 * @property {number} bytes
 * @property {number} [sent_bytes]
 */

/** The last pixels of the log need not be on the screen for it to count as being at its end. */
const END_PX = 24;

export class Messages {
  #texts;
  #onRemove;
  /** Why files were not taken, by their names in this browser. @type {Map<string, { status: number, detail: string }>} */
  faults = new Map();
  /** What each place shows. @type {WeakMap<Element, string>} */
  #shown = new WeakMap();

  /**
   * @param {import("./texts.js").Texts} texts
   * @param {(fileId: string) => void} onRemove
   */
  constructor(texts, onRemove) {
    this.#texts = texts;
    this.#onRemove = onRemove;
  }

  /** Draws what the places in the log say, where that changed. A log that is at its end stays there. */
  show() {
    const log = document.querySelector(".log");
    const isAtEnd = log && log.scrollHeight - log.scrollTop - log.clientHeight < END_PX;
    this.#drawAll();
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  #drawAll() {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-files]"))) {
      const { files: text = "[]", state } = place.dataset;
      /** @type {EntryFile[]} */
      const files = JSON.parse(text);
      const faults = files.map(({ file_id = "" }) => this.faults.get(file_id));
      const wanted = text + state + faults.map((fault) => fault?.status);
      if (this.#shown.get(place) == wanted) continue;
      this.#shown.set(place, wanted);
      // A message that may be with the server already keeps its files.
      const canRemove = state == "failed" || (state == "sending" && files.some((it) => !it.attachment_id));
      while (place.children.length > files.length) place.lastChild?.remove();
      files.forEach((file, index) => {
        const drawn = /** @type {HTMLElement | undefined} */ (place.children[index]) ?? place.appendChild(this.#draw(file));
        this.#bring(drawn, file, state, canRemove, faults[index]);
      });
    }
  }

  /** Draws what never changes of a file. @param {EntryFile} file */
  #draw({ name, media_type, bytes }) {
    const attributes = { "data-testid": "attachment", title: name };
    const picture = element(
      "a",
      { ...attributes, class: "picture", "data-kind": "picture", target: "_blank", rel: "noopener" },
      element("img", { alt: name }),
    );
    const row = element(
      "button",
      { ...attributes, class: "save", "data-kind": "file", type: "button", title: this.#texts.text("save", name) },
      icon(SHEET),
      element(
        "span",
        {},
        element("bdi", {}, name),
        element("small", {}, this.#texts.about(name, bytes)),
        element("small", { role: "status", "data-gone": this.#texts.text("gone") }),
      ),
    );
    if (!isPicture(media_type)) return element("div", { class: "file" }, row);
    const label = this.#texts.text("save", name);
    const save = element("button", { class: "keep", type: "button", title: label, "aria-label": label }, icon(ARROW));
    return element("div", { class: "file" }, element("div", { class: "frame" }, picture, save));
  }

  /**
   * Brings a file that is drawn in step with how it stands.
   * @param {HTMLElement} drawn
   * @param {EntryFile} file
   * @param {string | undefined} state how far its message came
   * @param {boolean} canRemove
   * @param {{ status: number, detail: string } | undefined} fault
   */
  #bring(drawn, file, state, canRemove, fault) {
    const { attachment_id, file_id = "", name, bytes, sent_bytes = 0 } = file;
    const body = drawn.firstElementChild;
    const key = attachment_id ?? file_id;
    const picture = /** @type {HTMLElement | null} */ (drawn.querySelector(".picture"));
    if (picture) picture.dataset.picture = key;
    Object.assign(/** @type {HTMLElement} */ (drawn.querySelector(".save, .keep")).dataset, { save: key, name });
    /** @type {Element[]} */
    const wanted = body ? [body] : [];
    if (file_id && canRemove) {
      const isAsked = drawn.querySelector(".remove");
      wanted.push(isAsked ?? removeButton(this.#texts.text("remove", name), () => this.#onRemove(file_id)));
      if (!attachment_id && !fault && state == "sending") {
        const percent = Math.floor((100 * sent_bytes) / bytes);
        const bar = drawn.querySelector("progress") ?? element("progress", { max: "100", "aria-label": name });
        bar.value = percent;
        // Quarters are told to those who do not see it.
        const told = drawn.querySelector(".unseen") ?? element("span", { class: "unseen", role: "status" });
        const quarter = `${name} ${Math.floor(percent / 25) * 25} %`;
        if (told.textContent != quarter) told.textContent = quarter;
        wanted.push(bar, told);
      }
    }
    if (fault) wanted.push(element("p", { class: "fault", role: "alert" }, this.#reason(fault, name)));
    arrange(drawn, wanted);
  }

  /**
   * @param {{ status: number, detail: string }} fault
   * @param {string} name
   */
  #reason({ status, detail }, name) {
    const known = { 0: "lost", 413: "over", 415: "kind" }[status];
    // The server's own words say more than we know.
    return known ? this.#texts.text(known, name) : `${this.#texts.text("refused", name)} ${detail}`;
  }
}
