// The bytes of files: kept until the server has them, sent in pieces; and how files are drawn and saved.
import { FileStore } from "../shared/file-store.js";
import { sendFile } from "../shared/send-file.js";
import { showChosen } from "./files/chosen.js";
import { Gallery } from "./files/gallery.js";
import { element } from "./files/element.js";
import { Messages } from "./files/messages.js";
import { readTexts } from "./files/texts.js";

const PLACE = "/client/v1/attachments";

/**
 * Loads what drawing needs and gives the tools.
 * @param {string | false} database where bytes may be kept; false keeps them as long as the page lives
 * @param {number} bytesMax
 * @param {(word: object) => void} tell hears how far uploads are
 * @param {(fileId: string) => void} onRemove
 */
export async function open(database, bytesMax, tell, onRemove) {
  const style = element("link", { rel: "stylesheet", href: new URL("files/files.css", import.meta.url).href });
  const isStyled = new Promise((resolve) => {
    style.onload = style.onerror = resolve;
  });
  document.head.append(style);
  const texts = await readTexts(bytesMax);
  await isStyled;
  return new Files(database, texts, tell, onRemove);
}

export class Files {
  #store;
  #gallery;
  #messages;
  #texts;
  #tell;
  #onRemove;
  #token = "";
  /** @type {Map<string, AbortController>} */
  #running = new Map();

  /**
   * @param {string | false} database
   * @param {import("./files/texts.js").Texts} texts
   * @param {(word: object) => void} tell
   * @param {(fileId: string) => void} onRemove
   */
  constructor(database, texts, tell, onRemove) {
    this.#store = new FileStore(database || undefined);
    this.#gallery = new Gallery(PLACE, this.#store);
    this.#texts = texts;
    this.#tell = tell;
    this.#onRemove = (/** @type {string} */ fileId) => {
      this.#remove(fileId);
      onRemove(fileId);
    };
    this.#messages = new Messages(texts, this.#onRemove);
  }

  /** @param {string | false} database */
  storeIn(database) {
    return this.#store.storeIn(database || undefined);
  }

  /**
   * @param {string} fileId
   * @param {File} file
   */
  async keep(fileId, file) {
    if (!(await this.#store.read(fileId))) await this.#store.keep(fileId, file);
  }

  /**
   * Uploads a file and tells the server's name for it, unless it is removed meanwhile. Fails with an `UploadError`.
   * @param {string} file_id
   * @param {string} name
   * @param {string} mediaType
   * @param {string} token
   */
  async send(file_id, name, mediaType, token) {
    const abort = new AbortController();
    const { signal } = abort;
    this.#running.set(file_id, abort);
    this.#messages.faults.delete(file_id);
    try {
      const headers = { Authorization: `Bearer ${token}` };
      const onProgress = (/** @type {number} */ bytes) => signal.aborted || this.#tell({ file_id, bytes });
      const options = { url: PLACE, headers, name, mediaType, onProgress, signal };
      const attachment_id = await sendFile(this.#store, file_id, options);
      if (signal.aborted) return;
      this.#gallery.isNow(file_id, attachment_id);
      this.#tell({ file_id, attachment_id });
    } catch (error) {
      if (signal.aborted) return;
      const failure = /** @type {any} */ (error);
      if (failure.isFinal) this.#messages.faults.set(file_id, failure);
      throw error;
    } finally {
      this.#running.delete(file_id);
    }
  }

  /** @param {string} fileId */
  forget(fileId) {
    return this.#store.forget(fileId);
  }

  /** @param {string[]} named */
  forgetAllBut(named) {
    return this.#store.forgetAllBut(named);
  }

  /**
   * Draws the files of messages.
   * @param {string} token
   */
  show(token) {
    this.#token = token;
    this.#messages.show();
    this.#gallery.show(token);
  }

  /**
   * Draws what is chosen and what was not taken.
   * @param {import("./frame/files.js").Chosen[]} chosen
   * @param {import("./frame/files.js").Fault[]} faults
   */
  showChosen(chosen, faults) {
    showChosen(chosen, faults, this.#texts, this.#onRemove);
    this.#gallery.show(this.#token);
  }

  /** Lets go of a file that is not wanted any more, wherever its bytes are. @param {string} fileId */
  async #remove(fileId) {
    this.#running.get(fileId)?.abort();
    const { place } = (await this.#store.read(fileId)) ?? {};
    await this.#store.forget(fileId);
    const headers = { Authorization: `Bearer ${this.#token}`, "Tus-Resumable": "1.0.0" };
    // What nobody asks for any more the server sweeps away by itself.
    if (place) await fetch(place, { method: "DELETE", headers }).catch(() => {});
  }
}
