// The language of the chat: the first one the visitor reads that there are texts for.

const LOCALES = ["en", "es", "fr", "de", "pt", "it", "ar"];
const RIGHT_TO_LEFT = ["ar"];

/** @param {string[]} wanted BCP 47 tags, the dearest first */
export function pickLocale(wanted) {
  const languages = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  const locale = languages.find((language) => LOCALES.includes(language)) ?? "en";
  return { locale, direction: RIGHT_TO_LEFT.includes(locale) ? "rtl" : "ltr" };
}
