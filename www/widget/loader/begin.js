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

/** @type {(settings: import("./types.js").Settings | null, tag: HTMLScriptElement | null) => void} */
export const begin = guarded((settings, tag) => {
  if (!tag) throw "the script tag must not be a module";
  const { origin } = new URL(tag.src);
  const { consent, locale, position, touchpoint } = tag.dataset;
  /** @param {any} error */
  const reasonOf = (error) =>
    `the chat cannot be loaded from ${origin}; is it up, and does script-src allow it? ${error}`;
  if (!settings) {
    if (!touchpoint) throw "the script tag needs data-touchpoint";
    import(`${origin}/w/config/${touchpoint}.js`)
      .then((module) => begin(module.default, tag))
      .catch((error) => report(reasonOf(error)));
    return;
  }
  const id = settings.touchpoint_id;
  const looks = settings.settings;
  if (settings.state != "ACTIVE") throw `touchpoint ${id} is ${settings.state}`;
  if (page[MARK]) return;
  page[MARK] = id;
  if (position) looks.position = position.replace("-", "_");
  const prefix = `tandem.${id}.`;
  const { on, emit } = openEvents();

  /** @type {import("./types.js").Loader} */
  const loader = {
    origin,
    settings,
    locale,
    mayStore: consent != "required",
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
  /** What was reported last: whoever points at the launcher and then clicks is not told twice. @type {string | undefined} */
  let said;
  const cross = () =>
    (bridge ??= import(`${origin}/w/${settings.hash}/bridge.js`)
      .then((module) => module.build(loader))
      .catch((error) => {
        bridge = undefined;
        const reason = reasonOf(error);
        if (reason != said) report((said = reason));
        emit("error", { reason });
        return {};
      }));

  /** @param {"show" | "hide"} wish */
  const override = (wish) => {
    loader.override = wish;
    if (!settings.rules.length) loader.show(wish == "show");
  };

  /**
   * A conversation that is open goes on by itself; without consent nothing of it stays.
   * @param {boolean} [isRefused]
   */
  const resume = (isRefused) => {
    try {
      if (isRefused) {
        for (const key in localStorage) if (key.startsWith(prefix)) delete localStorage[key];
      } else if (settings.rules.length || (loader.mayStore && localStorage[prefix + "live"])) cross();
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
      resume(!isGiven);
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
    api[name] = (...values) => {
      const answer = (async () => {
        own[name]?.(...values);
        const there = await (FETCHING.includes(name) ? cross() : bridge);
        return there?.[name]?.(...values);
      })();
      // A caller that does not wait for the answer leaves nothing unhandled in the page.
      answer.catch(report);
      return answer;
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
