// Starts the chat in its frame: shakes hands with the page, picks the language, loads the widget.
import { fileTools } from "./frame/files.js";
import { late } from "./frame/late.js";
import { pickLocale } from "./frame/locale.js";
import startModule, { start } from "./widget.js";

/** The wasm comes while the page answers; what goes wrong with it is told to the page below. */
const module = startModule({ module_or_path: new URL("widget_bg.wasm", import.meta.url) });
module.catch(() => {});

addEventListener("message", (event) => {
  if (event.source === parent && event.data?.tandem === "port") run(event.data.init, event.ports[0]);
});
parent.postMessage({ tandem: "frame" }, "*");

/**
 * @param {any} init what the page tells first
 * @param {MessagePort} port
 */
async function run(init, port) {
  try {
    const { locale, direction } = pickLocale(init.locales);
    const root = document.documentElement;
    root.lang = locale;
    root.dir = direction;
    root.style.setProperty("--accent", init.settings.settings.color);
    root.style.setProperty("--on-accent", init.text_color);
    document.title = init.settings.settings.title;
    const texts = await fetch(new URL(`texts/${locale}.json`, import.meta.url));
    await module;
    const tools = { share: late("sharing.js"), consent: late("consent.js"), menu: late("menu.js"), poll: late("poll.js"), tabs: late("tabs.js"), ...fileTools(init, port) };
    start(port, init, locale, await texts.text(), tools);
  } catch (error) {
    port.postMessage({ type: "failed", reason: `the chat cannot start: ${error}` });
  }
}
