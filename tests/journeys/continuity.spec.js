// What was written stays, whatever happens to the page, the network or the server.
import { expect, startChat, test } from '../support/journey.js';

test('a reload keeps the conversation', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Before the reload');
  await agent.say('An answer from Ana');
  await expect(visitor.message('An answer from Ana')).toBeVisible();
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.message('Before the reload')).toHaveCount(1);
  await expect(visitor.message('An answer from Ana')).toHaveCount(1);
  await visitor.say('After the reload');
  await expect(agent.message('After the reload')).toHaveCount(1);
  await expect(agent.rows).toHaveCount(1);
});

test('the conversation goes along to the next page', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'On the first page');
  await visitor.page.getByRole('link', { name: 'Help', exact: true }).first().click();
  await expect(visitor.page).toHaveURL(/help\.html/);
  await visitor.showChat();
  await expect(visitor.message('On the first page')).toHaveCount(1);
  await agent.say('I see you are reading the help');
  await expect(visitor.message('I see you are reading the help')).toBeVisible();
});

test('a message written while the server is down arrives once when it is back', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Before the crash');
  await expect(visitor.stateOf('Before the crash')).not.toHaveAttribute('data-state', 'sending');
  await tandem.crash();
  await visitor.say('During the crash');
  await expect(visitor.stateOf('During the crash')).toHaveAttribute('data-state', 'sending');
  await tandem.start();
  await expect(agent.message('During the crash')).toHaveCount(1, { timeout: 30_000 });
  await expect(visitor.stateOf('During the crash')).not.toHaveAttribute('data-state', 'sending', { timeout: 30_000 });
  await expect(visitor.message('During the crash')).toHaveCount(1);
});

test('a message that could not be sent survives the page and arrives once from the next one', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Still connected');
  await expect(visitor.stateOf('Still connected')).not.toHaveAttribute('data-state', 'sending');
  await tandem.crash();
  await visitor.say('Written without a server');
  await expect(visitor.stateOf('Written without a server')).toHaveAttribute('data-state', 'sending');
  await visitor.page.goto('about:blank');
  await tandem.start();
  await visitor.visit('/demo/help.html');
  await expect(agent.message('Written without a server')).toHaveCount(1, { timeout: 30_000 });
  await expect(visitor.message('Written without a server')).toHaveCount(1);
  await expect(visitor.stateOf('Written without a server')).not.toHaveAttribute('data-state', 'sending');
});

/** Replaces what the page keeps of the session; gives the key. */
const spoilSession = (page, text) =>
  page.evaluate((value) => {
    const key = Object.keys(localStorage).find((name) => /^tandem\..*\.session$/.test(name));
    localStorage.setItem(key, value);
    return key;
  }, text);

for (const [what, text] of [['no JSON', 'spoilt'], ['half of it', '{"customer_id":"cus_'], ['nothing', ''], ['of another shape', '{"version":9}']]) {
  test(`a kept session that is ${what} is nobody: what waits and what is written then arrives`, async ({ tandem, newVisitor, newAgent }) => {
    const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Before it was spoilt');
    await expect(visitor.stateOf('Before it was spoilt')).not.toHaveAttribute('data-state', 'sending');
    await tandem.crash();
    await visitor.say('Waits without a server');
    await expect(visitor.stateOf('Waits without a server')).toHaveAttribute('data-state', 'sending');
    const key = await spoilSession(visitor.page, text);
    await visitor.page.goto('about:blank');
    await tandem.start();
    await visitor.visit('/demo/help.html');
    await visitor.showChat();
    await expect(visitor.stateOf('Waits without a server')).not.toHaveAttribute('data-state', /sending|failed/, { timeout: 30_000 });
    await visitor.say('Written afterwards');
    await expect(visitor.stateOf('Written afterwards')).not.toHaveAttribute('data-state', /sending|failed/);
    await expect(visitor.message('Waits without a server')).toHaveCount(1);
    await expect(agent.rows).toHaveCount(2, { timeout: 30_000 });
    expect(JSON.parse(await visitor.page.evaluate((name) => localStorage[name], key)).token).toBeTruthy();
  });
}
