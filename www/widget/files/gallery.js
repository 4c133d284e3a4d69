// Files of messages on the screen: pictures are fetched when they come into sight and let go when their message is
// gone; whatever is asked for is saved under its name.

import { isPicture } from "./picture.js";

/** A picture that did not come is asked for again after this time. */
const AGAIN_MS = 5_000;
/** A browser has begun to save a file long before this. */
const SAVING_MS = 60_000;

export class Gallery {
  #place;
  #store;
  #token = "";
  /** What is fetched or there, by the name of the attachment, or of the kept file. @type {Map<string, Promise<string>>} */
  #urls = new Map();
  #sight = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) this.#draw(/** @type {HTMLElement} */ (target));
      }
    },
    { rootMargin: "200px" },
  );

  /**
   * @param {string} place where the server gives files
   * @param {import("../../shared/file-store.js").FileStore} store
   */
  constructor(place, store) {
    this.#place = place;
    this.#store = store;
    document.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest?.("[data-save]");
      if (button) this.#save(/** @type {HTMLElement} */ (button));
    });
  }

  /**
   * Looks after all pictures that are drawn at the moment.
   * @param {string} token
   */
  show(token) {
    this.#token = token;
    const wanted = new Set();
    for (const frame of pictures()) {
      wanted.add(frame.dataset.picture).add(frame.dataset.shown);
      if (frame.dataset.shown != frame.dataset.picture) this.#sight.observe(frame);
    }
    for (const [key, url] of this.#urls) {
      if (wanted.has(key)) continue;
      this.#urls.delete(key);
      url.then(URL.revokeObjectURL, () => {});
    }
  }

  /**
   * The picture stays as it is when the server has it.
   * @param {string} fileId
   * @param {string} attachmentId
   */
  isNow(fileId, attachmentId) {
    const url = this.#urls.get(fileId);
    if (!url) return;
    this.#urls.delete(fileId);
    this.#urls.set(attachmentId, url);
    for (const frame of pictures()) if (frame.dataset.shown == fileId) frame.dataset.shown = attachmentId;
  }

  /** @param {HTMLElement} frame */
  async #draw(frame) {
    this.#sight.unobserve(frame);
    const key = frame.dataset.picture ?? "";
    const url = this.#urls.get(key) ?? this.#fetch(key).then(pictureUrl);
    this.#urls.set(key, url);
    try {
      const source = await url;
      if (frame.dataset.picture != key) return;
      const image = /** @type {HTMLImageElement} */ (frame.querySelector("img"));
      image.src = source;
      if (frame instanceof HTMLAnchorElement) frame.href = source;
      frame.dataset.shown = key;
    } catch (error) {
      this.#urls.delete(key);
      if (error == GONE) frame.dataset.shown = key;
      else setTimeout(() => this.show(this.#token), AGAIN_MS);
    }
  }

  /** @param {HTMLElement} button */
  async #save(button) {
    const { save = "", name = "" } = button.dataset;
    const report = /** @type {HTMLElement | null} */ (button.querySelector("[role=status]"));
    button.ariaBusy = "true";
    try {
      const url = URL.createObjectURL(await this.#fetch(save));
      setTimeout(URL.revokeObjectURL, SAVING_MS, url);
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      if (report) report.textContent = "";
    } catch {
      if (report) report.textContent = report.dataset.gone ?? "";
    }
    button.ariaBusy = "false";
  }

  /** @param {string} key */
  async #fetch(key) {
    if (!key.startsWith("att_")) {
      const kept = await this.#store.read(key);
      if (!kept) throw GONE;
      return kept.blob;
    }
    const answer = await fetch(`${this.#place}/${key}`, { headers: { Authorization: `Bearer ${this.#token}` } });
    if (!answer.ok) throw answer.status < 500 && answer.status != 429 ? GONE : answer.status;
    return answer.blob();
  }
}

/** Asking again is of no use. */
const GONE = "gone";

/**
 * Gives an address for what is a picture and nothing else: it may be opened in a tab of its own.
 * @param {Blob} blob
 */
function pictureUrl(blob) {
  if (!isPicture(blob.type)) throw GONE;
  return URL.createObjectURL(blob);
}

/** @returns {Iterable<HTMLElement>} */
function pictures() {
  return document.querySelectorAll("[data-picture]");
}
