// What stands on the page: one host element beside `<body>` with an open shadow root and in it the launcher. Beside
// the body, because a swapped body would load the frame anew.

const BUBBLE = "M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5Z";
const CROSS = "M6 6l12 12M18 6L6 18";

/**
 * Black or white, whichever is easier to read on a colour (WCAG 2.2, relative luminance).
 * @param {string} color `#rrggbb`
 */
export function readableOn(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2 ? "#000" : "#fff";
}

/**
 * What the chat brings to the launcher, its badge for one, is styled with the frame.
 * @param {import("./types.js").Settings["settings"]} looks
 */
const style = ({ color, z_index }) => `:host{display:contents}
button,iframe{all:initial;position:fixed;z-index:${z_index};bottom:max(20px,env(safe-area-inset-bottom));inset-inline-end:20px;transition:.18s}
.bottom_start>*{inset-inline:20px auto}
button{width:56px;height:56px;box-sizing:border-box;padding:14px;border-radius:50%;background:${color};color:${readableOn(color)};cursor:pointer;box-shadow:0 4px 16px #0004}
button:hover{transform:scale(1.06)}
button:focus-visible{outline:3px solid ${color};outline-offset:3px}
svg{fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}
[hidden]{display:none}
@media(forced-colors:active){button,iframe{border:1px solid}}
@media print{*{display:none}}`;

/**
 * @param {import("./types.js").Settings["settings"]} looks
 * @param {string} nonce for browsers without constructed style sheets
 */
export function drawHost(looks, nonce) {
  const host = document.createElement("tandem-chat");
  host.dataset.tandemHost = "";
  const root = host.attachShadow({ mode: "open" });
  const box = document.createElement("div");
  const launcher = document.createElement("button");
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const badge = document.createElement("b");
  icon.setAttribute("viewBox", "0 0 24 24");
  launcher.dataset.testid = "launcher";
  badge.dataset.testid = "unread-badge";
  icon.append(path);
  launcher.append(icon, badge);
  box.append(launcher);
  root.append(box);

  /** @param {string} text */
  const addStyle = (text) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } catch {
      const element = document.createElement("style");
      element.nonce = nonce;
      element.textContent = text;
      root.append(element);
    }
  };
  addStyle(style(looks));

  return {
    host,
    box,
    launcher,
    addStyle,
    /** @param {import("./types.js").State} state */
    draw({ isOpen, isBusy, isBanner, isShown, unread }) {
      const shape = isBusy ? "busy" : isOpen ? "open" : isBanner ? "banner" : "closed";
      box.className = looks.position + " " + shape;
      launcher.hidden = !isShown;
      launcher.ariaExpanded = String(isOpen);
      launcher.ariaLabel = looks.launcher_label + (unread ? ` (${unread})` : "");
      badge.hidden = !unread || isOpen;
      badge.textContent = unread > 99 ? "99+" : String(unread);
      path.setAttribute("d", isOpen ? CROSS : BUBBLE);
    },
  };
}
