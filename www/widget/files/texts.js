// What is said about files, in the language of the chat.

/** @typedef {Awaited<ReturnType<typeof readTexts>>} Texts */

const KILO = 1024;

/** @param {number} bytesMax of one file */
export async function readTexts(bytesMax) {
  const locale = document.documentElement.lang;
  const answer = await fetch(new URL(`files/texts/${locale}.json`, import.meta.url));
  /** @type {Record<string, string>} */
  const texts = await answer.json();

  /** @param {number} bytes 1,024 of one unit are one of the next */
  const size = (bytes) => {
    const isLarge = bytes >= KILO * KILO;
    const count = isLarge ? bytes / KILO / KILO : Math.ceil(bytes / KILO);
    const unit = isLarge ? "megabyte" : "kilobyte";
    return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(count);
  };

  return {
    /**
     * @param {string} key
     * @param {string} [name] of the file
     */
    text: (key, name = "") =>
      // By a function, because a name may hold what `replace` takes for a pattern.
      (texts[key] ?? key).replace("{name}", () => name).replace("{size}", () => size(bytesMax)),
    /**
     * The kind as the name's ending says, and the size.
     * @param {string} name
     * @param {number} bytes
     */
    about(name, bytes) {
      const ending = /\.(\w{1,5})$/.exec(name)?.[1];
      return ending ? `${ending} · ${size(bytes)}` : size(bytes);
    },
  };
}
