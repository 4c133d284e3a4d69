// The tabs of one browser act as one: one socket, everything in each of them once, whichever of them goes.
import { expect, startChat, test } from '../support/journey.js';
import { startProxy } from '../support/proxy.js';
import { Words } from '../support/words.js';

/** Three tabs with the chat open, and an agent who reads along. The proxy counts the sockets of the tabs. */
async function threeTabs({ tandem, closing, newVisitor, newAgent }) {
  const words = new Words();
  const proxy = await closing(startProxy(tandem.port));
  const at = (path) => proxy.origin + path;
  const { visitor: first, agent } = await startChat({ newVisitor, newAgent }, words.next('from the first tab'), at('/demo/'));
  const second = await first.newTab(at('/demo/help.html'));
  await second.showChat();
  const third = await first.newTab(at('/demo/cart.html'));
  await third.showChat();
  const tabs = [first, second, third];
  await words.expectOn(...tabs);
  return { words, agent, tabs, proxy };
}

/** How many sockets each tab ever opened. */
const openedBy = (...tabs) => tabs.map((tab) => tab.sockets.length);

async function say(tab, words, text) {
  await tab.page.bringToFront();
  await tab.say(words.next(text));
}

test('three tabs have one socket and show everything once, whoever writes', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs, proxy } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await say(second, words, 'from the second tab');
  await words.expectOn(...tabs, agent);
  await agent.say(words.next('from Ana'));
  await say(third, words, 'from the third tab');
  await say(first, words, 'from the first tab again');
  await words.expectOn(...tabs, agent);
  expect(openedBy(...tabs)).toEqual([1, 0, 0]);
  expect(proxy.openSockets()).toBe(1);
  for (const tab of tabs) {
    await tab.page.reload();
    await tab.showChat();
  }
  await words.expectOn(...tabs);
  expect(proxy.openSockets()).toBe(1);
  for (const tab of tabs) expect(tab.exceptions).toEqual([]);
});

test('states, typing and what was read are the same in every tab', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await say(third, words, 'have you read it?');
  for (const tab of tabs) await expect(tab.stateOf('have you read it?')).toHaveAttribute('data-state', 'read');
  await agent.composer.pressSequentially('Let me', { delay: 20 });
  for (const tab of tabs) await expect(tab.panel.getByText(/Ana is (typing|writing)/)).toBeVisible();
  await agent.composer.fill('');
  for (const tab of [first, second]) await tab.closeChat();
  await third.closeChat();
  await agent.say(words.next('Yes'));
  for (const tab of tabs) await expect(tab.badge).toHaveText('1');
  await second.page.bringToFront();
  await second.openChat();
  for (const tab of tabs) await expect(tab.badge).toBeHidden();
});

test('when the tab with the socket is closed another takes over and nothing is lost', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs, proxy } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await first.page.close();
  await agent.say(words.next('while nobody leads, perhaps'));
  await say(third, words, 'and an answer');
  await words.expectOn(second, third, agent);
  expect(openedBy(second, third).sort()).toEqual([0, 1]);
  expect(proxy.openSockets()).toBe(1);
  await second.page.close();
  await say(third, words, 'alone now');
  await words.expectOn(third, agent);
  expect(openedBy(third)).toEqual([1]);
  expect(proxy.openSockets()).toBe(1);
});

test('a tab that crashes while it leads is followed by another', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs, proxy } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  const session = await first.page.context().newCDPSession(first.page);
  const crashed = first.page.waitForEvent('crash');
  // The command is never answered.
  session.send('Page.crash').catch(() => {});
  await crashed;
  await agent.say(words.next('after the crash'));
  await say(second, words, 'still here');
  await words.expectOn(second, third, agent);
  expect(openedBy(second, third).sort()).toEqual([0, 1]);
  await expect.poll(() => proxy.openSockets()).toBe(1);
});

test('a frozen tab gives up the lead and is one of several again when it wakes up', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs, proxy } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await second.page.bringToFront();
  await first.announce('freeze');
  const goOn = await first.standStill();
  await agent.say(words.next('to a frozen tab'));
  await say(third, words, 'from a lively one');
  await words.expectOn(second, third, agent);
  expect(openedBy(second, third).sort()).toEqual([0, 1]);
  expect(proxy.openSockets()).toBe(1);
  await goOn();
  await first.announce('resume');
  await words.expectOn(first);
  await say(first, words, 'awake again');
  await words.expectOn(...tabs, agent);
  expect(proxy.openSockets()).toBe(1);
});

test('a tab that stands still while it leads holds up nobody', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await second.page.bringToFront();
  const goOn = await first.standStill();
  await say(third, words, 'does anybody hear me?');
  await expect(agent.message('does anybody hear me?')).toHaveCount(1, { timeout: 20_000 });
  await agent.say(words.next('loud and clear'));
  await expect(third.message('loud and clear')).toHaveCount(1);
  await goOn();
  await words.expectOn(...tabs, agent);
});

test('what a closed tab could not send is sent by another', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { words, agent, tabs } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await tandem.crash();
  await say(second, words, 'written without a server');
  // The other tabs show it at once.
  for (const tab of [first, third]) await expect(tab.message('written without a server')).toHaveCount(1);
  await second.page.close();
  await tandem.start();
  await expect(agent.message('written without a server')).toHaveCount(1, { timeout: 40_000 });
  await words.expectOn(first, third, agent);
});

test('a conversation that is begun anew in one tab is shown by the others', async ({ tandem, closing, newVisitor, newAgent }) => {
  const { agent, tabs } = await threeTabs({ tandem, closing, newVisitor, newAgent });
  const [first, second, third] = tabs;
  await agent.closeConversation();
  for (const tab of tabs) await expect(tab.survey).toBeVisible();
  await second.page.bringToFront();
  await second.page.evaluate(() => window.Tandem.send('A new question'));
  for (const tab of [first, second, third]) {
    await expect(tab.message('A new question')).toHaveCount(1);
    await expect(tab.survey).toBeHidden();
  }
});

test('a visitor who has not acted leads and follows nobody', async ({ newVisitor }) => {
  const first = await newVisitor();
  await first.visit();
  await first.openChat();
  const second = await first.newTab('/demo/help.html');
  await second.openChat();
  const frame = second.page.frames().find((it) => it.url().includes('/w/frame/'));
  const locks = await frame.evaluate(async () => {
    const { held, pending } = await navigator.locks.query();
    return [...held, ...pending].map(({ name }) => name);
  });
  expect(locks).toEqual([]);
  expect(first.sockets.length + second.sockets.length).toBe(0);
});

test('without locks every tab has a socket of its own and everything is there once', async ({ newVisitor, newAgent }) => {
  const first = await newVisitor();
  await first.page.context().addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });
  });
  const words = new Words();
  await first.visit();
  await first.openChat();
  await first.say(words.next('from the first tab'));
  const second = await first.newTab('/demo/help.html');
  await second.showChat();
  await say(second, words, 'from the second tab');
  const agent = await newAgent('ana');
  await agent.openConversation('from the second tab');
  await words.expectOn(first, second, agent);
  expect(openedBy(first, second)).toEqual([1, 1]);
});
