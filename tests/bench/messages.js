// From the press of the visitor's send button to the message in the agent's log, stored durably in between.

const COUNT = 60;

/** Gives the time of each message in milliseconds. Both pages read one machine's clock. */
export async function measureMessages(visitor, agent) {
  await agent.thread.evaluate((thread) => {
    window.seenAt = {};
    const look = () => {
      for (const message of thread.querySelectorAll('[data-testid="message"]')) {
        const number = /measured message (\d+)\./.exec(message.textContent)?.[1];
        if (number) window.seenAt[number] ??= performance.timeOrigin + performance.now();
      }
    };
    new MutationObserver(look).observe(thread, { childList: true, subtree: true, characterData: true });
  });
  const timesMs = [];
  for (let number = 0; number < COUNT; number += 1) {
    await visitor.composer.fill(`measured message ${number}.`);
    const sentAt = await visitor.frame.getByTestId('send').evaluate((button) => {
      const now = performance.timeOrigin + performance.now();
      button.click();
      return now;
    });
    const seen = await agent.page.waitForFunction((it) => window.seenAt[it], number);
    timesMs.push((await seen.jsonValue()) - sentAt);
  }
  return { name: 'message, send button to the agent’s log', timesMs, targetMs: 50 };
}
