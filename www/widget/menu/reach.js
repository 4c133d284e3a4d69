// What the menu asks the server for, in the conversation that runs.

/** @typedef {ReturnType<typeof reach>} Server */

/** How long a conversation may take to be there that is about to begin. */
const BEGIN_MS_MAX = 20_000;
const RETRY_MS = 400;

export function reach() {
  /** @type {import("../menu.js").Standing | undefined} */
  let standing;
  const hasConversation = () => !!standing?.token && !!standing.conversation_id;

  return {
    /** @param {import("../menu.js").Standing} now */
    follow: (now) => void (standing = now),
    /** Whether a conversation runs, or is about to. */
    isTalking: () => !!standing?.conversation_id,
    /**
     * @param {string} method
     * @param {string} path
     * @returns {Promise<any>}
     */
    async ask(method, path = "") {
      const { token, conversation_id } = /** @type {import("../menu.js").Standing} */ (standing);
      // A word that the page says as it goes has to reach the server all the same.
      const answer = await fetch(`/client/v1/conversations/${conversation_id}/cobrowse${path}`, {
        method,
        keepalive: method == "DELETE",
        headers: { authorization: `Bearer ${token}` },
      });
      if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
      return answer.status == 204 ? undefined : answer.json();
    },
    /** The same, once a conversation that has just begun is stored. @param {string} method @param {string} path */
    async askSoon(method, path) {
      const until = Date.now() + BEGIN_MS_MAX;
      for (;;) {
        try {
          if (hasConversation()) return await this.ask(method, path);
        } catch (/** @type {any} */ error) {
          if (error.status != 404) throw error;
        }
        if (Date.now() > until) throw new Error("there is no conversation");
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },
  };
}
