// What is typed arrives once, at its place, whatever becomes of network, server and page.
import { expect, startChat, test } from '../support/journey.js';
import { startProxy } from '../support/proxy.js';
import { page, scriptTag, startPage } from '../support/site.js';
import { Words } from '../support/words.js';

/** A chat that has begun, with its words. */
async function chat(fixtures, address) {
  const words = new Words();
  const sides = await startChat(fixtures, words.next('the first word'), address);
  await expect(sides.visitor.stateOf('the first word')).toHaveAttribute('data-state', 'read');
  return { words, ...sides };
}

/** Both pages are loaded again and show the same. */
async function expectAfterReload(words, visitor, agent) {
  await words.expectOn(visitor, agent);
  await visitor.page.reload();
  await visitor.showChat();
  await agent.page.reload();
  await agent.rows.first().click();
  await words.expectOn(visitor, agent);
}

/** The visitor's page reaches the server through a proxy that can make trouble. */
async function chatThroughProxy({ tandem, newVisitor, newAgent, closing }) {
  const proxy = await closing(startProxy(tandem.port));
  const words = new Words();
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  const site = await closing(startPage(page(`<h1>A shop</h1>${scriptTag(proxy.origin)}`)));
  return { proxy, words, agent, visitor, site };
}

test('what is typed without a network arrives in order when it is back', async ({ newVisitor, newAgent }) => {
  const { visitor, agent, words } = await chat({ newVisitor, newAgent });
  const context = visitor.page.context();
  await context.setOffline(true);
  for (const text of ['offline', 'still offline', 'and again']) await visitor.say(words.next(text));
  await expect(visitor.stateOf('still offline')).toHaveAttribute('data-state', 'sending');
  await agent.say(words.next('the agent does not know'));
  // The agent's word was stored first.
  await context.setOffline(false);
  await expect(agent.message('and again')).toHaveCount(1, { timeout: 30_000 });
  await expect(visitor.message('the agent does not know')).toHaveCount(1);
  const order = (side) => side.getByTestId('message').evaluateAll((all) => all.map((one) => /#(\d+)#/.exec(one.textContent)[1]));
  await expect.poll(() => order(visitor.log)).toEqual(['1', '5', '2', '3', '4']);
  expect(await order(agent.thread)).toEqual(['1', '5', '2', '3', '4']);
});

test('a full outbox says so, keeps the draft, survives a reload and is sent in order', async ({ newVisitor, newAgent }) => {
  test.setTimeout(120_000);
  const { visitor, agent, words } = await chat({ newVisitor, newAgent });
  const context = visitor.page.context();
  // The page and its scripts can be had, the chat's own connections not.
  await context.routeWebSocket(/\/client\/v1\/socket/, (socket) => socket.close({ code: 1013 }));
  await context.route(/\/client\/v1\/(poll|touchpoints\/.*\/customers|conversations)/, (route) => route.abort());
  await visitor.page.reload();
  await visitor.showChat();
  for (let count = 0; count < 100; count++) {
    await visitor.composer.fill(words.next('waiting'));
    await visitor.composer.press('Enter');
  }
  await expect(visitor.log.getByTestId('message')).toHaveCount(100);
  await visitor.composer.fill('One too many');
  await visitor.composer.press('Enter');
  await expect(visitor.panel.getByText(/waiting to be sent/)).toBeVisible();
  await expect(visitor.composer).toHaveValue('One too many');
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.log.getByTestId('message')).toHaveCount(100);
  await expect(visitor.composer).toHaveValue('One too many');
  await context.unrouteAll();
  const address = visitor.page.url();
  await visitor.page.close();
  // A route for sockets stays with its context: the next page of the same browser has none.
  const state = await context.storageState();
  const back = await newVisitor({ storageState: state });
  await back.visit(address);
  await back.showChat();
  await expect(agent.message('#101#')).toHaveCount(1, { timeout: 60_000 });
  await words.expectOn(back, agent);
});

test('a chat goes on when the server is killed in the middle of it', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor, agent, words } = await chat({ newVisitor, newAgent });
  await tandem.crash();
  await visitor.say(words.next('during the crash'));
  await tandem.start();
  await expect(agent.message('during the crash')).toHaveCount(1, { timeout: 40_000 });
  await agent.say(words.next('back again'));
  await visitor.say(words.next('so am I'));
  await expectAfterReload(words, visitor, agent);
});

test('a chat goes on when the server is restarted in the middle of it', async ({ tandem, newVisitor, newAgent }) => {
  test.setTimeout(120_000);
  const { visitor, agent, words } = await chat({ newVisitor, newAgent });
  await agent.say(words.next('one moment'));
  const stopped = tandem.stop();
  await visitor.say(words.next('while it drains'));
  await stopped;
  await visitor.say(words.next('while it is away'));
  await tandem.start();
  await expect(agent.message('while it is away')).toHaveCount(1, { timeout: 40_000 });
  await agent.say(words.next('here we are'));
  await expectAfterReload(words, visitor, agent);
});

test('a socket that hangs half-open is found when the page wakes up, and a message in it arrives once', async ({ tandem, newVisitor, newAgent, closing }) => {
  const { proxy, words, agent, visitor, site } = await chatThroughProxy({ tandem, newVisitor, newAgent, closing });
  await visitor.visit(site.origin);
  await visitor.openChat();
  await visitor.say(words.next('the first word'));
  await agent.openConversation('the first word');
  proxy.hang();
  await agent.say(words.next('into the void'));
  await visitor.say(words.next('from the void'));
  await expect(visitor.stateOf('from the void')).toHaveAttribute('data-state', 'sending');
  const frame = visitor.page.frames().find((it) => it.url().includes('/w/frame/'));
  await frame.evaluate(() => window.dispatchEvent(new Event('online')));
  // A probe has five seconds.
  await expect(agent.message('from the void')).toHaveCount(1, { timeout: 15_000 });
  await words.expectOn(visitor, agent);
});

test('a message that nobody answers finds a half-open socket by itself', async ({ tandem, newVisitor, newAgent, closing }) => {
  const { proxy, words, agent, visitor, site } = await chatThroughProxy({ tandem, newVisitor, newAgent, closing });
  await visitor.visit(site.origin);
  await visitor.openChat();
  await visitor.say(words.next('the first word'));
  await agent.openConversation('the first word');
  proxy.hang();
  await visitor.say(words.next('from the void'));
  await expect(agent.message('from the void')).toHaveCount(1, { timeout: 25_000 });
  await words.expectOn(visitor, agent);
});

test('where sockets are refused the chat polls, both ways, and goes over to a socket later', async ({ tandem, newVisitor, newAgent, closing }) => {
  const { proxy, words, agent, visitor, site } = await chatThroughProxy({ tandem, newVisitor, newAgent, closing });
  proxy.refusesUpgrades = true;
  const polls = [];
  visitor.page.on('request', (request) => { if (request.url().endsWith('/client/v1/poll')) polls.push(request); });
  await visitor.visit(site.origin);
  await visitor.openChat();
  await visitor.say(words.next('by requests'));
  await agent.openConversation('by requests');
  for (let turn = 0; turn < 5; turn++) {
    await agent.say(words.next(`answer ${turn}`));
    await visitor.say(words.next(`question ${turn}`));
  }
  await agent.composer.pressSequentially('Let me', { delay: 20 });
  await expect(visitor.panel.getByText(/Ana is (typing|writing)/)).toBeVisible();
  await words.expectOn(visitor, agent);
  expect(proxy.openSockets()).toBe(0);
  expect(polls.length).toBeGreaterThan(5);
  await visitor.page.reload();
  await visitor.showChat();
  await words.expectOn(visitor);
  proxy.refusesUpgrades = false;
  // The page of a visitor who comes back later tries a socket first.
  await visitor.page.reload();
  await visitor.showChat();
  await visitor.say(words.next('by socket'));
  await words.expectOn(visitor, agent);
  expect(proxy.openSockets()).toBe(1);
});

test('with a blocked storage the chat works for the length of the page and nothing is said wrong', async ({ newVisitor, newAgent }) => {
  const words = new Words();
  const visitor = await newVisitor();
  await visitor.page.addInitScript(() => {
    const refuse = () => { throw new DOMException('no', 'SecurityError'); };
    Object.defineProperty(window, 'localStorage', { get: refuse });
    Object.defineProperty(window, 'sessionStorage', { get: refuse });
  });
  await worksForThePage(visitor, newAgent, words);
});

test('with a full storage the chat works for the length of the page and nothing is said wrong', async ({ newVisitor, newAgent }) => {
  const words = new Words();
  const visitor = await newVisitor();
  await visitor.page.addInitScript(() => {
    Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
  });
  await worksForThePage(visitor, newAgent, words);
});

async function worksForThePage(visitor, newAgent, words) {
  await visitor.visit();
  await visitor.openChat();
  await visitor.say(words.next('kept in memory'));
  const agent = await newAgent('ana');
  await agent.openConversation('kept in memory');
  await agent.say(words.next('and answered'));
  await visitor.say(words.next('thank you'));
  await words.expectOn(visitor, agent);
  expect(visitor.ownExceptions).toEqual([]);
  expect(visitor.lines.filter(({ text }) => text.includes('Tandem'))).toEqual([]);
}

test('the panel stays open over a reload, where it was and without taking the focus', async ({ newVisitor, newAgent }) => {
  const { visitor, words } = await chat({ newVisitor, newAgent });
  await visitor.page.reload();
  await visitor.page.evaluate(() => document.querySelector('a, input, button')?.focus());
  await expect(visitor.panel).toBeVisible();
  await expect(visitor.message('#1#')).toHaveCount(1);
  expect(await visitor.page.evaluate(() => document.activeElement?.localName)).not.toBe('tandem-chat');
  await visitor.say(words.next('as if nothing had happened'));
  await visitor.closeChat();
  await visitor.page.reload();
  await expect(visitor.launcher).toBeVisible();
  await expect(visitor.frameElement).toBeAttached();
  await expect(visitor.panel).toBeHidden();
});

test('on a phone the panel does not cover the next page by itself', async ({ newVisitor, newAgent }) => {
  const visitor = await newVisitor({ viewport: { width: 390, height: 844 } });
  await visitor.visit();
  await visitor.openChat();
  await visitor.say('Hello');
  await visitor.page.reload();
  await expect(visitor.frameElement).toBeAttached();
  await expect(visitor.launcher).toBeVisible();
  const agent = await newAgent('ana');
  await agent.openConversation('Hello');
  await agent.say('Are you there?');
  await expect(visitor.badge).toHaveText('1');
  await expect(visitor.panel).toBeHidden();
});
