// One widget on the page: the launcher, the site's calls, and when the bridge to the chat is fetched.
import { openEvents } from "./events.js";
import { drawHost } from "./host.js";
import { guarded, report } from "./report.js";

const MARK = Symbol.for("tandem");
const page = /** @type {any} */ (window);
/** Calls that need the chat. */
const FETCHING = ["open", "toggle", "identify", "send", "explain"];
/** Calls that matter only to a chat that is there. */
const TELLING = ["close", "show", "hide", "consent", "destroy"];

/**
 * @param {import("./types.js").Settings} settings
 * @param {HTMLScriptElement | null} tag
 */
export const begin = guarded((settings, tag) => {
  const id = settings.touchpoint_id;
  const looks = settings.settings;
  if (!id || !looks || !tag) throw "the server gave no settings this script can use";
  if (page[MARK]) return;
  page[MARK] = id;
  const { origin } = new URL(tag.src);
  const { consent, locale, position } = tag.dataset;
  if (position) looks.position = position.replace("-", "_");
  const { on, emit } = openEvents();

  /** @type {import("./types.js").Loader} */
  const loader = {
    origin,
    settings,
    locale,
    mayStore: consent != "required",
    override: undefined,
    state: { isOpen: false, isBusy: false, isBanner: false, isShown: false, unread: 0 },
    host: drawHost(looks, tag.nonce),
    show(isShown) {
      if (isShown == loader.state.isShown) return;
      loader.state.isShown = isShown;
      loader.host.draw(loader.state);
      emit(isShown ? "show" : "hide");
    },
    emit,
    report,
  };

  /** @type {Promise<Record<string, import("./types.js").Call>> | undefined} */
  let bridge;
  const cross = () =>
    (bridge ??= import(`${origin}/w/${settings.hash}/bridge.js`).then(
      (module) => module.build(loader),
      () => {
        bridge = undefined;
        const reason = `the chat cannot be loaded from ${origin}; is it up, and does script-src allow it?`;
        report(reason);
        emit("error", { reason });
        return {};
      },
    ));

  /** @param {"show" | "hide"} wish */
  const override = (wish) => {
    loader.override = wish;
    if (!settings.rules.length) loader.show(wish == "show");
  };

  /** A conversation that is open goes on by itself. */
  const resume = () => {
    try {
      if (settings.rules.length || (loader.mayStore && localStorage[`tandem.${id}.live`])) cross();
    } catch {
      // Blocked storage holds no conversation.
    }
  };

  /** What the loader itself does about a call. @type {Record<string, import("./types.js").Call>} */
  const own = {
    show: () => override("show"),
    hide: () => override("hide"),
    consent(isGiven) {
      loader.mayStore = isGiven;
      resume();
    },
    destroy() {
      loader.host.host.remove();
      delete page[MARK];
      delete page.Tandem;
    },
  };
  /** @type {import("./types.js").Call & Record<string, import("./types.js").Call>} */
  const api = /** @type {any} */ ((/** @type {string} */ name, /** @type {any[]} */ ...values) =>
    api[name]?.(...values));
  api.on = on;
  for (const name of [...FETCHING, ...TELLING]) {
    api[name] = async (...values) => {
      own[name]?.(...values);
      const there = await (FETCHING.includes(name) ? cross() : bridge);
      return there?.[name]?.(...values);
    };
  }

  const queue = page.Tandem?.q ?? [];
  page.Tandem = api;
  const start = guarded(() => {
    const { host, launcher } = loader.host;
    document.documentElement.append(host);
    launcher.onclick = () => api.toggle();
    launcher.onpointerenter = launcher.onfocus = launcher.ontouchstart = cross;
    for (const [name, ...values] of queue) api(name, ...values);
    if (!settings.rules.length) loader.show(loader.override != "hide");
    loader.host.draw(loader.state);
    resume();
  });
  const whenIdle = () => (page.requestIdleCallback ?? setTimeout)(start, { timeout: 2000 });
  if (document.readyState == "loading") addEventListener("DOMContentLoaded", whenIdle);
  else whenIdle();
});
