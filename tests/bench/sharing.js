// Co-browsing on a page of more than ten thousand nodes: from consent to the agent's view, and from a change to it.
import { expect } from '@playwright/test';

const COUNT = 60;

/** Gives the times of the first view and of single changes. */
export async function measureSharing(visitor, agent) {
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
  const askedAt = performance.now();
  await visitor.frame.getByTestId('cobrowse-allow').click();
  await expect(agent.stage.locator('h1').first()).toBeVisible();
  const firstViewMs = performance.now() - askedAt;

  // The rebuilt document runs no scripts, so the viewer's own page watches it.
  const viewer = agent.page.frames().find((frame) => new URL(frame.url()).pathname === '/viewer/');
  await viewer.evaluate(() => {
    window.seenAt = {};
    const { contentDocument } = document.querySelector('iframe');
    const look = () => {
      const number = contentDocument.documentElement.dataset.measured;
      if (number) window.seenAt[number] ??= performance.timeOrigin + performance.now();
    };
    new MutationObserver(look).observe(contentDocument.documentElement, { attributes: true });
  });
  const timesMs = [];
  for (let number = 1; number <= COUNT; number += 1) {
    const changedAt = await visitor.page.evaluate((it) => {
      document.documentElement.dataset.measured = String(it);
      return performance.timeOrigin + performance.now();
    }, number);
    const seen = await viewer.waitForFunction((it) => window.seenAt[it], number);
    timesMs.push((await seen.jsonValue()) - changedAt);
  }
  return [
    { name: 'page of 16,000 elements, consent to the agent’s view', timesMs: [firstViewMs] },
    { name: 'change of an attribute to the agent’s view', timesMs, targetMs: 50 },
  ];
}
