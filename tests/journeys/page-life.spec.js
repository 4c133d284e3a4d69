// Pages stand still, are put away and come back; the chat goes on within seconds and keeps nothing open meanwhile.
import { expect, startChat, test } from '../support/journey.js';
import { startProxy } from '../support/proxy.js';
import { Words } from '../support/words.js';
import config from '../playwright.config.js';

// The driver would turn the back/forward cache off.
test.use({ launchOptions: { ...config.use.launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

/** A chat through a proxy that counts the visitor's sockets. */
async function countedChat({ tandem, closing, newVisitor, newAgent }, text) {
  const proxy = await closing(startProxy(tandem.port));
  return { proxy, ...(await startChat({ newVisitor, newAgent }, text, `${proxy.origin}/demo/`)) };
}

test('a page that stood still has what it missed within seconds', async ({ tandem, closing, newVisitor, newAgent }) => {
  const words = new Words();
  const { visitor, agent, proxy } = await countedChat({ tandem, closing, newVisitor, newAgent }, words.next('before the lid is closed'));
  const goOn = await visitor.standStill();
  // Nobody is told: the network of a laptop that sleeps is just not there.
  proxy.hang();
  await agent.say(words.next('to a closed lid'));
  await goOn();
  await visitor.announce('resume');
  await expect(visitor.message('to a closed lid')).toHaveCount(1, { timeout: 10_000 });
  await visitor.say(words.next('the lid is open'));
  await words.expectOn(visitor, agent);
});

test('a frozen page holds no socket, and has what it missed when it goes on', async ({ tandem, closing, newVisitor, newAgent }) => {
  const words = new Words();
  const { visitor, agent, proxy } = await countedChat({ tandem, closing, newVisitor, newAgent }, words.next('before'));
  await visitor.announce('freeze');
  await expect.poll(() => proxy.openSockets()).toBe(0);
  const goOn = await visitor.standStill();
  await agent.say(words.next('to a frozen page'));
  await goOn();
  await visitor.announce('resume');
  await expect(visitor.message('to a frozen page')).toHaveCount(1, { timeout: 5_000 });
  await visitor.say(words.next('thawed'));
  await words.expectOn(visitor, agent);
  expect(proxy.openSockets()).toBe(1);
});

test('a page in the back/forward cache holds no socket, and has what it missed when it is shown again', async ({ tandem, closing, newVisitor, newAgent }) => {
  const words = new Words();
  const { visitor, agent, proxy } = await countedChat({ tandem, closing, newVisitor, newAgent }, words.next('on this page'));
  await visitor.page.evaluate(() => { window.isTheSamePage = true; });
  await visitor.page.goto('data:text/html,<h1>Elsewhere</h1>');
  await expect.poll(() => proxy.openSockets()).toBe(0);
  await agent.say(words.next('while you are elsewhere'));
  // The driver loses track of frames that come back, so the page is asked directly, and the agent sees the rest.
  const session = await visitor.page.context().newCDPSession(visitor.page);
  const { currentIndex, entries } = await session.send('Page.getNavigationHistory');
  await session.send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1].id });
  await expect(agent.stateOf('while you are elsewhere')).toHaveAttribute('data-state', 'read', { timeout: 10_000 });
  const { result } = await session.send('Runtime.evaluate', { expression: 'window.isTheSamePage === true' });
  expect(result.value).toBe(true);
  expect(proxy.openSockets()).toBe(1);
  await session.send('Runtime.evaluate', { expression: `Tandem.send(${JSON.stringify(words.next('back'))})` });
  await words.expectOn(agent);
});
