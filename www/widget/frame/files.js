// The files a visitor chooses. What becomes of their bytes, and how they are drawn, is a module of its own that is
// loaded with the first of them.

/** Files of one message. */
const COUNT_MAX = 10;

/** What some systems call by names of their own. @type {[RegExp, string][]} */
const TYPES = [
  [/\.csv$/i, "text/csv"],
  [/\.zip$/i, "application/zip"],
];

/**
 * @typedef {object} Chosen as the widget's outbox has it
 * @property {string} file_id
 * @property {string} name
 * @property {string} media_type
 * @property {number} bytes
 */

/** @typedef {{ fault: "many" | "empty" | "large" | "kind", name: string }} Fault why a file is not taken */

/**
 * Makes the widget's tools for files.
 * @param {any} init what the page tells first
 * @param {MessagePort} port to the page
 */
export function fileTools(init, port) {
  const { attachments, touchpoint_id } = init.settings;
  const database = `tandem.${touchpoint_id}`;
  let mayStore = init.may_store;
  /** @type {(word: object) => void} */
  let tell;
  /** @type {Chosen[]} */
  let chosen = [];
  /** @type {Fault[]} */
  let faults = [];
  /** Not with the module yet. @type {Map<string, File>} */
  const held = new Map();
  /** @type {Promise<import("../files.js").Files> | undefined} */
  let loaded;

  const load = () =>
    (loaded ??= import(new URL("files.js", import.meta.url).href)
      .then(({ open }) => open(mayStore && database, attachments.bytes_max, tell, remove))
      .catch((error) => {
        loaded = undefined;
        throw error;
      }));
  /** What can wait for another time when there is no network. @param {(files: import("../files.js").Files) => unknown} work */
  const later = (work) => void load().then(work).catch(() => {});
  /** @param {string} fileId */
  const keep = async (fileId) => {
    const files = await load();
    const file = held.get(fileId);
    if (file) await files.keep(fileId, file);
    held.delete(fileId);
    return files;
  };
  const draw = () => later((files) => files.showChosen(chosen, faults));
  const changed = () => {
    tell({ chosen_count: chosen.length });
    draw();
  };

  /** @param {string} fileId */
  const remove = (fileId) => {
    held.delete(fileId);
    const isChosen = chosen.some(({ file_id }) => file_id == fileId);
    chosen = chosen.filter(({ file_id }) => file_id != fileId);
    if (isChosen) changed();
    else tell({ file_id: fileId });
  };

  /** @param {File} file */
  const choose = (file) => {
    const media_type = TYPES.find(([name]) => name.test(file.name))?.[1] ?? file.type;
    const fault = faultOf(file.size, media_type);
    if (fault) {
      faults.push({ fault, name: file.name });
      return;
    }
    const file_id = crypto.getRandomValues(new Uint32Array(4)).join("-");
    chosen.push({ file_id, name: file.name, media_type, bytes: file.size });
    held.set(file_id, file);
    keep(file_id).catch(() => {});
  };

  /**
   * @param {number} bytes
   * @param {string} type
   * @returns {Fault["fault"] | undefined}
   */
  const faultOf = (bytes, type) => {
    const isTaken = attachments.media_types.some(
      (/** @type {string} */ it) => it == "*/*" || it == type || (it.endsWith("/*") && type.startsWith(it.slice(0, -1))),
    );
    if (chosen.length >= COUNT_MAX) return "many";
    if (!bytes) return "empty";
    if (bytes > attachments.bytes_max) return "large";
    if (!isTaken) return "kind";
  };

  /** @param {any} event chosen in the picker, dropped, pasted, or drawn over the window */
  const take = (event) => {
    const { type, target } = event;
    const clip = document.getElementById("attach");
    const source = type == "change" ? target : (event.dataTransfer ?? event.clipboardData);
    if (!clip || (type == "change" ? target != clip : !source?.types.includes("Files"))) return;
    // Office programs paste a picture of the text beside the text; the text is meant.
    if (type == "paste" && source.types.includes("text/plain")) return;
    if (type != "change") event.preventDefault();
    document.documentElement.classList.toggle("dragging", type == "dragover");
    if (type.startsWith("drag")) return;
    faults = [];
    [...source.files].forEach(choose);
    // Choosing the same file once more is news as well.
    if (type == "change") target.value = "";
    changed();
    document.getElementById("composer")?.focus();
  };

  if (attachments.is_enabled) {
    for (const type of ["change", "paste", "dragover", "dragleave", "drop"]) addEventListener(type, take);
  }
  port.addEventListener("message", ({ data }) => {
    if (data.type != "consent") return;
    mayStore = data.is_given;
    if (loaded) later((files) => files.storeIn(mayStore && database));
    else if (!mayStore) indexedDB?.deleteDatabase(database);
  });

  return {
    /** @param {(word: object) => void} hear */
    hearFiles(hear) {
      tell = hear;
    },
    /** Gives what is chosen and begins anew. */
    takeFiles() {
      const taken = chosen;
      chosen = [];
      faults = [];
      draw();
      return taken;
    },
    /**
     * @param {string} file_id
     * @param {string} name
     * @param {string} mediaType
     * @param {string} token
     */
    sendFile(file_id, name, mediaType, token) {
      keep(file_id)
        .then((files) => files.send(file_id, name, mediaType, token))
        .catch(({ isFinal }) => tell({ file_id, is_final: !!isFinal }));
    },
    /** @param {string} fileId */
    forgetFile: (fileId) => later((files) => files.forget(fileId)),
    /** @param {string[]} named */
    sweepFiles: (named) => later((files) => files.forgetAllBut(named)),
    /**
     * @param {string} token
     * @param {boolean} hasFiles
     */
    showFiles(token, hasFiles) {
      if (hasFiles || loaded) later((files) => files.show(token));
      if (chosen.length) draw();
    },
  };
}
