// The visitor offers to share the page. What they agreed to is kept in this page only: when an agent takes the offer
// up, the widget answers the question that names it, and after a reload there is none.
import { element } from "../files/element.js";
import { focusButton } from "./list.js";

/** How often the page says that it stands by the offer. */
const AGAIN_MS = 25_000;
const NAME = "chat-menu";
/** What the server answers when there is no such offer any more, or may not be one. */
const GONE = [401, 403, 404];

/** What is drawn in the element below the chat's head. @type {((host: HTMLElement) => void) | undefined} */
let draw;

class ChatMenu extends HTMLElement {
  connectedCallback() {
    draw?.(this);
  }
}

/**
 * @typedef {{ is: "nothing" } | { is: "asking", close?: () => void } | Offered} State
 * @typedef {{ is: "offered", offerId: string, conversationId: string, endsAt: number, timer: number }} Offered
 */

/**
 * @param {import("../menu.js").Texts} texts
 * @param {import("./reach.js").Server} server
 * @param {(word: object) => void} hear
 * @param {(isRecorded: boolean, onAnswer: (isAllowed: boolean) => void) => () => void} ask
 */
export function offers({ text }, server, hear, ask) {
  /** @type {State} */
  let state = { is: "nothing" };
  /** @type {import("../menu.js").Standing | undefined} */
  let standing;
  let note = "";

  draw = (host) => {
    const children = [];
    if (state.is == "offered") {
      const back = element("button", { type: "button", class: "quiet", "data-testid": "offer-withdraw" }, text("offer_withdraw"));
      back.onclick = () => {
        withdraw();
        focusButton();
      };
      children.push(element("div", { class: "offer", role: "status", "data-testid": "offer" }, element("p", {}, text("offer_waits")), back));
    } else if (note) {
      children.push(element("div", { class: "offer", role: "alert" }, element("p", {}, note)));
    }
    host.replaceChildren(...children);
  };
  const drawAll = () => {
    for (const host of document.querySelectorAll(NAME)) draw?.(/** @type {HTMLElement} */ (host));
  };
  if (!customElements.get(NAME)) customElements.define(NAME, ChatMenu);

  /** Nothing is offered any more, and what the visitor agreed to is forgotten. */
  const drop = () => {
    if (state.is == "nothing") return;
    if (state.is == "asking") state.close?.();
    else {
      clearInterval(state.timer);
      hear({ type: "offer" });
    }
    state = { is: "nothing" };
    drawAll();
  };
  const withdraw = () => {
    if (state.is == "offered") server.ask("DELETE", `/offers/${state.offerId}`).catch(() => {});
    drop();
  };
  addEventListener("pagehide", withdraw);

  /** Says that the visitor stands by it. The clock on the wall goes on while the computer sleeps. */
  const again = () => {
    if (state.is != "offered") return;
    const { offerId, endsAt } = state;
    if (Date.now() >= endsAt) return withdraw();
    server.ask("PUT", `/offers/${offerId}`).catch(({ status }) => {
      if (GONE.includes(status) && state.is == "offered" && state.offerId == offerId) drop();
    });
  };

  /** @param {boolean} isRecorded */
  const make = async (isRecorded) => {
    const { offer_id, for_ms } = await server.ask("POST", "/offers");
    if (state.is != "asking" || !standing?.conversation_id) {
      // It was taken back while the server was told, or an agent asked.
      await server.ask("DELETE", `/offers/${offer_id}`);
      return;
    }
    const endsAt = Date.now() + for_ms;
    state = { is: "offered", offerId: offer_id, conversationId: standing.conversation_id, endsAt, timer: setInterval(again, AGAIN_MS) };
    hear({ type: "offer", offer_id, is_recorded: isRecorded });
    drawAll();
  };

  const fail = () => {
    drop();
    note = standing?.is_asked ? "" : text("failed");
    drawAll();
  };

  return {
    stands: () => state.is == "offered",
    withdraw,
    async begin() {
      if (state.is != "nothing") return;
      state = { is: "asking" };
      try {
        const { is_recorded } = await server.ask("GET");
        // Meanwhile an agent may have asked: their question is what counts.
        if (/** @type {State} */ (state).is != "asking") return;
        const close = ask(is_recorded, (isAllowed) => {
          if (isAllowed) make(is_recorded).catch(fail);
          else drop();
        });
        state = { is: "asking", close };
      } catch {
        fail();
      }
    },
    /** @param {import("../menu.js").Standing} now */
    follow(now) {
      standing = now;
      if (now.is_pressed && note) {
        note = "";
        drawAll();
      }
      // An agent took it up, or the conversation is another one or over.
      const isOther = state.is == "offered" && state.conversationId != now.conversation_id;
      if (now.is_asked || !now.conversation_id || isOther) drop();
    },
  };
}
