// Modules that only some visitors need are imported when they do.

/**
 * Gives a function that opens a line of the module; what is said before it is there is said then.
 * @param {string} name of the module, whose `open` takes an address and who hears
 * @returns {(address: string, hear: (word: object) => void) => { send(message: any): void, close(): void }}
 */
export function late(name) {
  return (address, hear) => {
    /** @type {{ send(message: any): void, close(): void } | undefined} */
    let line;
    /** @type {any[]} */
    const waiting = [];
    let isClosed = false;
    import(new URL(name, import.meta.url).href).then(
      ({ open }) => {
        if (isClosed) return;
        const opened = open(address, hear);
        line = opened;
        waiting.forEach((message) => opened.send(message));
      },
      () => isClosed || hear({ type: "failed" }),
    );
    return {
      send: (message) => (line ? line.send(message) : waiting.push(message)),
      close() {
        isClosed = true;
        line?.close();
      },
    };
  };
}
