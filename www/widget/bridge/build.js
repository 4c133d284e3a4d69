// What launcher, frame, storage, reader and the site's calls have to do with each other.
import { readableOn } from "../loader/host.js";
import { openFrame } from "./frame.js";
import { openMemory } from "./memory.js";
import { currentPage, watchPage } from "./page.js";
import { pageKey } from "./page-key.js";
import { openReader } from "./reader.js";
import { FRAME_STYLE } from "./style.js";
import { openTabMemory } from "./tab-memory.js";

/**
 * Loads the frame and gives the calls that the loader passes on.
 * @param {import("../loader/types.js").Loader} loader
 * @returns {Record<string, import("../loader/types.js").Call>}
 */
export function build(loader) {
  const { settings, state, host, emit } = loader;
  const life = new AbortController();
  const prefix = `tandem.${settings.touchpoint_id}.`;
  const memory = openMemory(prefix, loader.mayStore, life.signal);
  const tab = openTabMemory(prefix, () => loader.mayStore && "session" in memory.all());
  const reader = openReader(loader, (message) => frame?.send(message));
  /** @type {ReturnType<typeof openFrame> | undefined} */
  let frame;
  let isAnswering = false;
  let isWanted = false;
  /** Whether the panel opened by itself: then the focus stays where it is. */
  let isQuiet = false;
  /** @type {Map<number, { resolve(value: any): void, reject(reason: Error): void }>} */
  const calls = new Map();
  let callCount = 0;

  const draw = () => {
    state.isOpen = isWanted && isAnswering;
    state.isBusy = isWanted && !isAnswering;
    host.draw(state);
  };

  const enter = () => {
    if (!isQuiet) frame?.focus();
    frame?.send({ type: "open", is_entered: !isQuiet });
  };

  /**
   * @param {boolean} isOpen
   * @param {boolean} [isByItself]
   */
  const setOpen = (isOpen, isByItself = false) => {
    if (isOpen == isWanted) return;
    const hadFocus = document.activeElement == host.host;
    isWanted = isOpen;
    isQuiet = isByItself;
    tab.set("open", isOpen ? "1" : null);
    if (isOpen) wantFrame();
    draw();
    if (isOpen && isAnswering) enter();
    if (!isOpen) {
      frame?.send({ type: "close" });
      if (hadFocus) host.launcher.focus();
    }
    emit(isOpen ? "open" : "close");
  };

  /** @param {string} reason */
  const fail = (reason) => {
    loader.report(reason);
    reader.stop();
    frame = undefined;
    isAnswering = state.isBanner = false;
    const wasOpen = tab.get("open");
    setOpen(false);
    tab.set("open", wasOpen);
    draw();
    for (const { reject } of calls.values()) reject(new Error(reason));
    calls.clear();
    emit("error", { reason });
  };

  /** @type {Record<string, (message: import("../loader/types.js").Message, ports: readonly MessagePort[]) => void>} */
  const handlers = {
    ready() {
      if (isWanted) enter();
      emit("ready");
    },
    keep({ key, value }) {
      memory.set(key, value);
      tab.settle();
    },
    claim({ key, value, over }) {
      frame?.send({ type: "stored", key, value: memory.claim(key, value, over) });
      tab.settle();
    },
    launcher: ({ is_visible }) => loader.show(is_visible),
    panel: ({ is_open }) => setOpen(is_open),
    banner({ is_shown }) {
      state.isBanner = is_shown;
      draw();
    },
    unread({ count }) {
      state.unread = count;
      draw();
      emit("unread", { count });
    },
    sharing: ({ is_sharing }) => tab.set("sharing", is_sharing ? "1" : null),
    event: ({ name, detail }) => emit(name, detail),
    result({ call, value, error }) {
      const waiting = calls.get(call);
      calls.delete(call);
      if (error) waiting?.reject(new Error(error));
      else waiting?.resolve(value);
    },
    reader_start: ({ url, config }, [port]) => reader.start(url, config, port),
    reader_stop: reader.stop,
  };

  const init = () => {
    isAnswering = true;
    draw();
    return {
      settings,
      storage: memory.all(),
      page: currentPage(),
      page_key: pageKey(tab),
      may_store: loader.mayStore,
      is_sharing: tab.get("sharing") != null,
      opened_ms_ago: Math.round(performance.now()),
      locales: [loader.locale, ...navigator.languages, document.documentElement.lang].filter(Boolean),
      text_color: readableOn(settings.settings.color),
      override: loader.override,
    };
  };

  const wantFrame = () => {
    frame ??= openFrame({
      loader,
      init,
      onMessage: (message, ports) => handlers[message.type]?.(message, ports),
      onFailure: fail,
    });
  };

  /**
   * Asks the frame and gives its answer.
   * @param {string} name
   * @param {any} [value] goes as JSON, whatever it is made of; rejects when it cannot
   */
  const ask = async (name, value = null) => {
    const plain = JSON.parse(JSON.stringify(value));
    wantFrame();
    return new Promise((resolve, reject) => {
      calls.set(++callCount, { resolve, reject });
      frame?.send({ type: "call", call: callCount, name, value: plain });
    });
  };

  host.addStyle(FRAME_STYLE);
  host.box.addEventListener("keydown", ({ key }) => key == "Escape" && setOpen(false));
  watchPage(() => frame?.send({ type: "page", page: currentPage() }), life.signal);
  memory.onOther((key, value) => {
    tab.settle();
    frame?.send({ type: "stored", key, value });
  });
  const viewport = window.visualViewport;
  viewport?.addEventListener(
    "resize",
    () => host.box.style.setProperty("--tandem-height", `${viewport.height}px`),
    life,
  );
  wantFrame();
  // Over a reload the panel stays as it was while a conversation runs; on a phone it would hide the page.
  if (tab.get("open") && "live" in memory.all() && !matchMedia("(max-width:480px)").matches) setOpen(true, true);

  return {
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!isWanted),
    show: () => frame?.send({ type: "override", wish: "show" }),
    hide() {
      setOpen(false);
      frame?.send({ type: "override", wish: "hide" });
    },
    consent(isGiven) {
      tab.settle();
      // A conversation from an earlier visit comes back with the consent; the frame begins with it anew.
      if (memory.consent(isGiven)) {
        frame?.end();
        frame = undefined;
        isAnswering = false;
        draw();
        wantFrame();
      } else frame?.send({ type: "consent", is_given: isGiven });
    },
    identify: (identity) => ask("identify", identity),
    send: (text) => ask("send", String(text)),
    explain: () => ask("explain"),
    destroy() {
      life.abort();
      reader.stop();
      frame?.end();
    },
  };
}
