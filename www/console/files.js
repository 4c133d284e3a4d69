// The agent's files: their bytes are kept here until the server has them, and sent from here.

import { FileStore } from "../shared/file-store.js";
import { sendFile } from "../shared/send-file.js";

export class Files {
  #store;

  /** @param {string} agentId whose files they are: agents of one browser keep theirs apart */
  constructor(agentId) {
    this.#store = new FileStore(`tandem.console.${agentId}`);
  }

  /**
   * @param {string} fileId
   * @param {Blob} blob
   */
  keep(fileId, blob) {
    this.#store.keep(fileId, blob);
  }

  /**
   * Gives the server's name for the file; fails with an `UploadError`.
   * @param {string} fileId
   * @param {string} name
   * @param {string} mediaType
   * @param {(sentBytes: number) => void} onProgress
   */
  send(fileId, name, mediaType, onProgress) {
    return sendFile(this.#store, fileId, { url: "/api/v1/attachments", headers: {}, name, mediaType, onProgress });
  }

  /** @param {string} fileId */
  forget(fileId) {
    return this.#store.forget(fileId);
  }

  /** @param {string[]} named */
  forgetAllBut(named) {
    return this.#store.forgetAllBut(named);
  }
}
