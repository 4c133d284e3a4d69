// Elements, made without any text being read as HTML.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const name in attributes) made.setAttribute(name, attributes[name] ?? "");
  made.append(...children);
  return made;
}

/**
 * A picture in lines; a text beside it or a label above says what it means.
 * @param {string} path
 */
export function icon(path) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of [["class", "icon"], ["viewBox", "0 0 24 24"], ["aria-hidden", "true"]]) {
    drawn.setAttribute(name, value);
  }
  line.setAttribute("d", path);
  drawn.append(line);
  return drawn;
}

/** A sheet of paper. */
export const SHEET = "M14 3H6v18h12V7ZM14 3v4h4";
/** Down to the visitor's disk. */
export const ARROW = "M12 4v11M7 11l5 5 5-5M5 20h14";
const CROSS = "M6 6l12 12M18 6 6 18";

/**
 * The button that takes a file away.
 * @param {string} label
 * @param {() => void} onClick
 */
export function removeButton(label, onClick) {
  const button = element(
    "button",
    { type: "button", class: "remove", "data-testid": "remove-file", "aria-label": label, title: label },
    icon(CROSS),
  );
  button.onclick = onClick;
  return button;
}

/**
 * Gives an element these children. Those that stay are not touched: a press on them still counts, and the focus stays.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function arrange(parent, wanted) {
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, index) => {
    const there = parent.children[index] ?? null;
    if (there != child) parent.insertBefore(child, there);
  });
}
