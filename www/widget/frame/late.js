// Modules that only some visitors need are imported when they do.

/**
 * Gives a function that opens a line of the module; what is said before it is there is said then.
 * @param {string} name of the module, whose `open` takes what the function takes; the last of it is who hears
 * @returns {(...rest: any[]) => { send(message: any): void, close(): void }}
 */
export function late(name) {
  return (...rest) => {
    /** @type {{ send(message: any): void, close(): void } | undefined} */
    let line;
    /** @type {any[]} */
    const waiting = [];
    let isClosed = false;
    import(new URL(name, import.meta.url).href).then(
      ({ open }) => {
        if (isClosed) return;
        const opened = open(...rest);
        line = opened;
        waiting.forEach((message) => opened.send(message));
      },
      () => isClosed || rest.pop()({ type: "failed" }),
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
