// The visitor offers to share the page. What they agreed to is kept in this page only: when an agent takes the offer
// up, the widget answers the question that comes of it, and after a reload there is none.
import { element } from "../files/element.js";

/** How often the page says that it stands by the offer. */
const AGAIN_MS = 25_000;
const NAME = "chat-menu";

/** What is drawn in the element below the chat's head. @type {((host: HTMLElement) => void) | undefined} */
let draw;

class ChatMenu extends HTMLElement {
  connectedCallback() {
    draw?.(this);
  }
}

/**
 * @param {import("../menu.js").Texts} texts
 * @param {import("./reach.js").Server} server
 * @param {(word: object) => void} hear
 * @param {(isRecorded: boolean, onAnswer: (isAllowed: boolean) => void) => () => void} ask
 */
export function offers({ text }, server, hear, ask) {
  /** @type {{ conversationId: string, timer: number } | undefined} */
  let offer;
  let conversationId = "";
  let note = "";

  draw = (host) => {
    const children = [];
    if (offer) {
      const back = element("button", { type: "button", class: "quiet", "data-testid": "offer-withdraw" }, text("offer_withdraw"));
      back.onclick = withdraw;
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

  /** The offer is gone; what the visitor agreed to with it is forgotten. */
  const drop = () => {
    if (!offer) return;
    clearInterval(offer.timer);
    offer = undefined;
    hear({ type: "no_offer" });
    drawAll();
  };
  const withdraw = () => {
    if (!offer) return;
    server.ask("DELETE", "/offer").catch(() => {});
    drop();
  };
  addEventListener("pagehide", withdraw);

  /** @param {boolean} isRecorded */
  const say = async (isRecorded) => {
    let endsAt = Infinity;
    const again = async () => {
      if (performance.now() >= endsAt) return drop();
      try {
        const { for_ms } = await server.ask("PUT", "/offer");
        endsAt = performance.now() + for_ms;
      } catch (/** @type {any} */ error) {
        // Without a network the server forgets it by itself; what it refuses is over.
        if (error.status) drop();
      }
    };
    offer = { conversationId, timer: setInterval(again, AGAIN_MS) };
    hear({ type: "offer", is_recorded: isRecorded });
    drawAll();
    await again();
    if (!offer) fail();
  };

  const fail = () => {
    note = text("failed");
    drawAll();
  };

  return {
    stands: () => !!offer,
    async begin() {
      note = "";
      drawAll();
      try {
        const { is_recorded } = await server.ask("GET");
        ask(is_recorded, (isAllowed) => isAllowed && say(is_recorded));
      } catch {
        fail();
      }
    },
    /** @param {import("../menu.js").Standing} standing */
    follow(standing) {
      conversationId = standing.conversation_id;
      // An agent took it up, or the conversation is another one or over.
      if (offer && (standing.is_asked || offer.conversationId != conversationId)) drop();
    },
  };
}
