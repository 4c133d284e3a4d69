// Of several tabs one shares its page, and stays the one that does.
import { expect, startChat, test } from '../support/journey.js';
import { startProxy } from '../support/proxy.js';

async function sharingInOneOfTwo({ tandem, closing, newVisitor, newAgent }, sharesFirst) {
  const proxy = await closing(startProxy(tandem.port));
  const { visitor: first, agent } = await startChat({ newVisitor, newAgent }, 'Hello', `${proxy.origin}/demo/`);
  const second = await first.newTab(`${proxy.origin}/demo/help.html`);
  await second.showChat();
  await expect(second.message('Hello')).toHaveCount(1);
  const [sharing, other] = sharesFirst ? [first, second] : [second, first];
  await agent.askToShare();
  await expect(other.consent).toBeVisible();
  await sharing.page.bringToFront();
  await sharing.allowSharing();
  await expect(other.consent).toBeHidden();
  return { agent, sharing, other, proxy };
}

for (const [who, sharesFirst] of [['the tab that leads', true], ['a tab that follows', false]]) {
  test(`${who} shares its page, goes on after a reload, and the other tab is left alone`, async ({ tandem, closing, newVisitor, newAgent }) => {
    const { agent, sharing, other, proxy } = await sharingInOneOfTwo({ tandem, closing, newVisitor, newAgent }, sharesFirst);
    const title = await sharing.page.locator('h1').first().textContent();
    await expect(agent.stage.locator('h1').first()).toHaveText(title);
    await expect(other.banner).toBeHidden();
    await sharing.page.reload();
    await expect(sharing.banner).toBeVisible();
    await expect(agent.stage.locator('h1').first()).toHaveText(title);
    await sharing.page.locator('h1').first().evaluate((heading) => { heading.textContent = 'Changed after the reload'; });
    await expect(agent.stage.locator('h1').first()).toHaveText('Changed after the reload');
    await other.page.reload();
    await other.showChat();
    await expect(other.banner).toBeHidden();
    await expect(agent.stage.locator('h1').first()).toHaveText('Changed after the reload');
    await sharing.frame.getByTestId('cobrowse-stop').click();
    await expect(agent.view).toBeHidden();
    // The tab is one of several again.
    await expect.poll(() => proxy.openSockets()).toBe(1);
    await other.page.bringToFront();
    await other.say('Thank you');
    await expect(sharing.message('Thank you')).toHaveCount(1);
    await expect(agent.message('Thank you')).toHaveCount(1);
  });
}
