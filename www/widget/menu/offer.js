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
  /** @type {import("../menu.js").Standing | undefined} */
  let standing;
  /** Takes the question away that the visitor has not answered. @type {(() => void) | undefined} */
  let dismiss;
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

  /** Makes the offer, or says that it stands; gives for how long. @returns {Promise<number>} */
  const put = async () => (await server.ask("PUT", "/offer")).for_ms;

  /** @param {boolean} isRecorded */
  const say = async (isRecorded) => {
    const endsAt = performance.now() + (await put());
    if (!standing?.conversation_id || standing.is_asked) {
      // Meanwhile an agent asked: their question is what counts.
      await server.ask("DELETE", "/offer");
      return;
    }
    const again = () => {
      if (performance.now() >= endsAt) drop();
      // Without a network the server forgets it by itself; what it refuses is over.
      else put().catch((error) => error.status && drop());
    };
    offer = { conversationId: standing.conversation_id, timer: setInterval(again, AGAIN_MS) };
    hear({ type: "offer", is_recorded: isRecorded });
    drawAll();
  };

  const fail = () => {
    if (standing?.is_asked) return;
    note = text("failed");
    drawAll();
  };

  return {
    stands: () => !!offer,
    async begin() {
      try {
        const { is_recorded } = await server.ask("GET");
        if (standing?.is_asked) return;
        dismiss = ask(is_recorded, (isAllowed) => {
          if (isAllowed) say(is_recorded).catch(fail);
        });
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
      const isOver = now.is_asked || !now.conversation_id;
      if (isOver) dismiss?.();
      // An agent took it up, or the conversation is another one or over.
      if (offer && (isOver || offer.conversationId != now.conversation_id)) drop();
    },
  };
}
