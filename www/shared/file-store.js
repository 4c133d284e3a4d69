// Keeps the bytes of files until the server has them: in IndexedDB, so that they survive a reload; where that is
// blocked or not wanted, as long as the page lives.

/**
 * @typedef {object} KeptFile
 * @property {Blob} blob
 * @property {number} keptAt Unix milliseconds
 * @property {string} [place] where its upload was made
 */

/** Files that belong to nothing are removed after this time: another tab may be about to name them. */
const UNNAMED_MS = 60 * 60 * 1000;

export class FileStore {
  /** @type {Map<string, KeptFile>} */
  #inMemory = new Map();
  /** @type {Promise<IDBDatabase | undefined>} */
  #database;

  /** @param {string | undefined} name of the database; undefined keeps everything in memory */
  constructor(name) {
    this.#database = open(name);
  }

  /**
   * Keeps everything elsewhere from now on; what is kept moves along, and a database that is left is removed.
   * @param {string | undefined} name
   */
  async storeIn(name) {
    const database = await this.#database;
    if (database?.name === name) return;
    for (const fileId of await this.#kept()) {
      const file = await this.read(fileId);
      if (file) this.#inMemory.set(fileId, file);
    }
    database?.close();
    if (database) indexedDB.deleteDatabase(database.name);
    this.#database = open(name);
    for (const [fileId, file] of [...this.#inMemory]) await this.#write(fileId, file);
  }

  /**
   * @param {string} fileId
   * @param {Blob} blob
   */
  async keep(fileId, blob) {
    await this.#write(fileId, { blob, keptAt: Date.now() });
  }

  /**
   * @param {string} fileId
   * @returns {Promise<KeptFile | undefined>}
   */
  async read(fileId) {
    const here = this.#inMemory.get(fileId);
    return here ?? this.#run("readonly", (files) => files.get(fileId));
  }

  /**
   * Adds what is known of a file that is kept.
   * @param {string} fileId
   * @param {Partial<KeptFile>} news
   */
  async note(fileId, news) {
    const file = await this.read(fileId);
    if (file) await this.#write(fileId, { ...file, ...news });
  }

  /** @param {string} fileId */
  async forget(fileId) {
    this.#inMemory.delete(fileId);
    await this.#run("readwrite", (files) => files.delete(fileId));
  }

  /**
   * Removes what no message names any more.
   * @param {string[]} named
   */
  async forgetAllBut(named) {
    for (const fileId of await this.#kept()) {
      if (named.includes(fileId)) continue;
      const file = await this.read(fileId);
      if (file && Date.now() - file.keptAt > UNNAMED_MS) await this.forget(fileId);
    }
  }

  /** Gives the names of what lies in the database. */
  async #kept() {
    const keys = await this.#run("readonly", (files) => files.getAllKeys());
    return (keys ?? []).map(String);
  }

  /**
   * @param {string} fileId
   * @param {KeptFile} file
   */
  async #write(fileId, file) {
    this.#inMemory.set(fileId, file);
    const key = await this.#run("readwrite", (files) => files.put(file, fileId));
    if (key !== undefined) this.#inMemory.delete(fileId);
  }

  /**
   * Gives what the request gives; undefined when there is no storage, or it is full.
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(files: IDBObjectStore) => IDBRequest<T>} ask
   * @returns {Promise<T | undefined>}
   */
  async #run(mode, ask) {
    const database = await this.#database;
    if (!database) return undefined;
    return new Promise((resolve) => {
      try {
        const transaction = database.transaction("files", mode);
        const asked = ask(transaction.objectStore("files"));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = () => resolve(undefined);
      } catch {
        resolve(undefined);
      }
    });
  }
}

/**
 * @param {string | undefined} name
 * @returns {Promise<IDBDatabase | undefined>}
 */
function open(name) {
  return new Promise((resolve) => {
    if (name === undefined) return resolve(undefined);
    try {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("files");
      request.onsuccess = () => {
        // Another tab that removes the database does not wait for this one.
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = () => resolve(undefined);
      request.onblocked = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}
