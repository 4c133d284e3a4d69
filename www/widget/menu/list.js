// A menu as the keyboard knows it: arrows move, Home and End jump, Esc and a click beside it close, and the focus goes
// back to the button.
import { element } from "../files/element.js";

/** The button in the chat's head. */
const BUTTON = '[data-testid="menu"]';

const button = () => /** @type {HTMLButtonElement | null} */ (document.querySelector(BUTTON));

/** Gives the focus to the menu's button, when what had it is gone. */
export const focusButton = () => button()?.focus();

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} label
 * @property {() => void} act
 */

/**
 * @param {string} label of the menu
 * @param {Entry[]} entries
 */
export function showList(label, entries) {
  const items = entries.map(({ name, label, act }) => {
    const item = element("button", { type: "button", role: "menuitem", tabindex: "-1", "data-testid": `menu-${name}` }, label);
    item.onclick = () => {
      if (item.getAttribute("aria-disabled") == "true") return;
      list.hidePopover();
      act();
    };
    return item;
  });
  const list = element("div", { role: "menu", popover: "auto", "aria-label": label, "data-testid": "menu-list" }, ...items);
  // The browser gives it the focus in the moment it opens the list, so no key that follows is lost.
  items[0]?.setAttribute("autofocus", "");
  document.body.append(list);

  list.onkeydown = (event) => {
    const at = items.findIndex((item) => item == document.activeElement);
    const last = items.length - 1;
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last };
    const next = steps[event.key];
    if (event.key == "Tab") list.hidePopover();
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  };
  list.ontoggle = (event) => {
    const isOpen = /** @type {ToggleEvent} */ (event).newState == "open";
    button()?.setAttribute("aria-expanded", String(isOpen));
    // Esc and an entry give the focus back; a press elsewhere has taken it there.
    if (!isOpen && document.activeElement == document.body) focusButton();
  };

  return {
    /**
     * The button was pressed. It is the list's own from then on, and the browser opens and closes the list with it, also
     * with the very press that is going on.
     * @param {boolean} isOver whether that press is over, because this script had to be loaded first
     */
    press(isOver) {
      const trigger = button();
      if (!trigger) return;
      trigger.popoverTargetElement = list;
      trigger.setAttribute("aria-haspopup", "menu");
      if (isOver && !list.matches(":popover-open")) list.showPopover();
    },
    /** @param {string} name @param {boolean} isEnabled */
    enable(name, isEnabled) {
      const item = items[entries.findIndex((entry) => entry.name == name)];
      item?.setAttribute("aria-disabled", String(!isEnabled));
    },
  };
}
