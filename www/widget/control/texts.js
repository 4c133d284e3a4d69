// What a module that is loaded later says, in the language of the chat.

/** @typedef {Awaited<ReturnType<typeof readTexts>>} Texts */

/** @param {string} folder of the module */
export async function readTexts(folder = "control") {
  const locale = document.documentElement.lang;
  const answer = await fetch(new URL(`${folder}/texts/${locale}.json`, import.meta.url));
  /** @type {Record<string, string>} */
  const texts = await answer.json();
  return {
    /**
     * @param {string} key
     * @param {string} [name] of whom it speaks
     */
    text: (key, name = "") =>
      // By a function, because a name may hold what `replace` takes for a pattern.
      (texts[key] ?? key).replace("{name}", () => name),
    /** @param {string[]} names */
    list: (names) => new Intl.ListFormat(locale, { type: "conjunction" }).format(names),
  };
}
