// Six digits that the visitor reads out to whoever helps them.
import { element } from "../files/element.js";

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const TICK_MS = 1_000;

/**
 * @param {import("../menu.js").Texts} texts
 * @param {import("./reach.js").Server} server
 * @param {() => void} begin begins a conversation, as a first message does
 */
export function codes({ text }, server, begin) {
  /** The code that is good, and until when. @type {{ digits: string, until: number } | undefined} */
  let code;
  let isFetching = false;
  let hasFailed = false;
  let timer = 0;

  const digits = element("output", { class: "digits", "data-testid": "code-digits" });
  const left = element("p", { class: "left", "data-testid": "code-left" });
  /** @param {string} name @param {string} style */
  const button = (name, style) =>
    element("button", { type: "button", class: style, "data-testid": `code-${name}` }, text(name == "close" ? name : `code_${name}`));
  const [close, fresh, copy] = [button("close", "quiet"), button("new", "quiet"), button("copy", "strong")];
  const heading = element("h2", { id: "code-title" }, text("code_title"));
  const dialog = element(
    "dialog",
    { "data-testid": "code", "aria-labelledby": heading.id },
    heading,
    element("p", {}, text("code_about")),
    element("div", { class: "code" }, digits, left),
    element("div", { class: "choices" }, close, fresh, copy),
  );

  /** @param {number} ms */
  const time = (ms) => {
    const isLong = ms >= MINUTE_MS;
    const unit = isLong ? "minute" : "second";
    const count = Math.ceil(ms / (isLong ? MINUTE_MS : SECOND_MS));
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
  };
  const word = () => {
    if (hasFailed) return text("failed");
    if (!code) return isFetching ? "" : text("code_over");
    return text("code_left").replace("{time}", time(code.until - Date.now()));
  };
  const draw = () => {
    if (code && code.until <= Date.now()) code = undefined;
    // Two groups are read out in one breath each; the blank between them is drawn, not copied.
    const groups = code ? [code.digits.slice(0, 3), code.digits.slice(3)] : ["–––", "–––"];
    if (digits.textContent != groups.join("")) digits.replaceChildren(...groups.map((group) => element("span", {}, group)));
    const now = word();
    if (left.textContent != now) left.textContent = now;
    copy.disabled = !code;
    fresh.disabled = isFetching;
  };
  const fetchCode = async () => {
    if (isFetching) return;
    [code, isFetching, hasFailed] = [undefined, true, false];
    copy.textContent = text("code_copy");
    draw();
    try {
      if (!server.isTalking()) begin();
      const { code: digits, for_ms } = await server.askSoon("POST", "/code");
      code = { digits, until: Date.now() + for_ms };
    } catch {
      hasFailed = true;
    }
    isFetching = false;
    draw();
  };

  close.onclick = () => dialog.close();
  fresh.onclick = () => void fetchCode();
  copy.onclick = async () => {
    if (!code) return;
    await navigator.clipboard.writeText(code.digits).catch(() => getSelection()?.selectAllChildren(digits));
    copy.textContent = text("code_copied");
  };
  dialog.onclose = () => {
    clearInterval(timer);
    dialog.remove();
  };

  return {
    show() {
      document.body.append(dialog);
      dialog.showModal();
      timer = setInterval(draw, TICK_MS);
      if (code && code.until > Date.now()) draw();
      else void fetchCode();
    },
    /** @param {import("../menu.js").Standing} standing */
    follow({ is_asked, conversation_id }) {
      // Somebody used it: their question is what counts from here.
      if (is_asked) {
        code = undefined;
        dialog.close();
      }
      if (!conversation_id) code = undefined;
    },
  };
}
