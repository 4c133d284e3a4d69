// Whatever happens to the script, the page it stands on works as if it were not there.
import { expect, startChat, test } from '../support/journey.js';
import { TandemServer } from '../support/server.js';
import { page, scriptTag, startPage, startSite } from '../support/site.js';

const BODY = '<h1>My page</h1><button id="count">0</button>';

/** Errors and remarks about Tandem, without the browser's own line on a request that failed. */
function remarks(visitor) {
  return visitor.lines.filter(({ text }) => text.includes('Tandem'));
}

/** The page still works: its button counts and nothing was thrown into it. */
async function expectUnharmed(visitor) {
  await expect(visitor.page.locator('h1')).toHaveText('My page');
  await visitor.page.evaluate(() => {
    const button = document.querySelector('#count');
    button.addEventListener('click', () => { button.textContent = String(Number(button.textContent) + 1); });
  });
  await visitor.page.locator('#count').click();
  await expect(visitor.page.locator('#count')).toHaveText('1');
  expect(visitor.exceptions).toEqual([]);
}

test('pasting the tag twice gives one widget', async ({ tandem, newVisitor, newAgent, closing }) => {
  const twice = scriptTag(tandem.origin) + scriptTag(tandem.origin);
  const site = await closing(startPage(page(`${BODY}${twice}`)));
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  await expect(visitor.launcher).toHaveCount(1);
  await visitor.page.evaluate((src) => {
    const again = document.createElement('script');
    again.src = src;
    return new Promise((done) => { again.onload = done; document.head.append(again); });
  }, `${tandem.origin}/w/tp_demo.js`);
  await visitor.openChat();
  await expect(visitor.launcher).toHaveCount(1);
  await expect(visitor.frameElement).toHaveCount(1);
  await visitor.say('Once, please');
  const agent = await newAgent('ana');
  await agent.openConversation('Once, please');
  await expect(agent.message('Once, please')).toHaveCount(1);
  await expectUnharmed(visitor);
});

test('a wrong touchpoint id leaves the page unharmed and says so in one line', async ({ tandem, newVisitor, closing }) => {
  const site = await closing(startPage(page(BODY + scriptTag(tandem.origin, 'tp_nowhere'))));
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  await expect.poll(() => remarks(visitor).length).toBe(1);
  expect(remarks(visitor)[0].text).toContain('tp_nowhere');
  await expect(visitor.launcher).toHaveCount(0);
  await expectUnharmed(visitor);
});

test('an INACTIVE touchpoint, as every new one is, draws nothing and says so in one line', async ({ newVisitor, closing }) => {
  const tandem = await TandemServer.prepare();
  const made = await tandem.command('touchpoint', 'create', '--name', 'New shop', '--domain', '127.0.0.1');
  const [touchpoint] = /tp_\w+/.exec(made);
  await tandem.start([]);
  await closing({ close: () => tandem.dispose() });
  const site = await closing(startPage(page(BODY + scriptTag(tandem.origin, touchpoint))));
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  await expect.poll(() => remarks(visitor).length).toBe(1);
  expect(remarks(visitor)[0].text).toMatch(new RegExp(`${touchpoint}.*INACTIVE`));
  await expect(visitor.launcher).toHaveCount(0);
  await expectUnharmed(visitor);

  await tandem.stop();
  await tandem.command('touchpoint', 'activate', touchpoint);
  await tandem.start([]);
  // Somebody else, since a browser may keep the script for a minute.
  const next = await newVisitor();
  await next.visit(site.origin);
  await expect(next.launcher).toBeVisible();
});

test('a server that is down leaves the page unharmed', async ({ tandem, newVisitor, closing }) => {
  const site = await closing(startPage(page(BODY + scriptTag(tandem.origin))));
  await tandem.stop();
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  // Nothing of ours runs then: the one line is the browser's own, and it names the address.
  await expect.poll(() => visitor.lines.length).toBe(1);
  expect(visitor.lines[0].type).toBe('error');
  await expect(visitor.launcher).toHaveCount(0);
  await expectUnharmed(visitor);
});

test('a server that goes down before the chat is opened is reported in one line', async ({ tandem, newVisitor, closing }) => {
  const site = await closing(startPage(page(BODY + scriptTag(tandem.origin))));
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  await expect(visitor.launcher).toBeVisible();
  await tandem.stop();
  await visitor.launcher.click();
  await expect.poll(() => remarks(visitor).length, { timeout: 25_000 }).toBe(1);
  await expectUnharmed(visitor);
});

const NONSENSE = {
  'an error page': { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>Internal error</h1>' },
  'a page with status 200': { status: 200, headers: { 'content-type': 'text/html', 'x-content-type-options': 'nosniff' }, body: '<h1>Welcome</h1>' },
  'an empty script': { status: 200, headers: { 'content-type': 'text/javascript' }, body: '' },
};
for (const [what, answer] of Object.entries(NONSENSE)) {
  test(`a server that answers with ${what} leaves the page unharmed`, async ({ newVisitor, closing }) => {
    const nonsense = await closing(startSite(() => answer));
    const site = await closing(startPage(page(BODY + scriptTag(nonsense.origin))));
    const visitor = await newVisitor();
    await visitor.visit(site.origin);
    await visitor.page.waitForLoadState('networkidle');
    await expect(visitor.launcher).toHaveCount(0);
    expect(visitor.lines.length).toBeLessThanOrEqual(1);
    await expectUnharmed(visitor);
  });
}

test('a frame that answers nonsense is reported in one line and the page goes on', async ({ tandem, newVisitor, closing }) => {
  // The loader is the real one; everything it asks for afterwards is a page of somebody else.
  const script = await (await fetch(`${tandem.origin}/w/tp_demo.js`)).text();
  const nonsense = await closing(startSite((path) => path.startsWith('/w/tp_')
    ? { headers: { 'content-type': 'text/javascript' }, body: script }
    : { body: '<h1>Something else entirely</h1>' }));
  const site = await closing(startPage(page(BODY + scriptTag(nonsense.origin))));
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  await visitor.launcher.click();
  await expect.poll(() => remarks(visitor).length, { timeout: 25_000 }).toBe(1);
  await expectUnharmed(visitor);
});

test('a page that is replaced as a whole keeps the chat', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.page.evaluate(() => {
    const next = document.createElement('body');
    next.append(Object.assign(document.createElement('h1'), { textContent: 'Another view' }));
    document.body.replaceWith(next);
    history.pushState(null, '', '/demo/another-view');
  });
  await expect(visitor.page.locator('h1')).toHaveText('Another view');
  await agent.say('Still with you');
  await expect(visitor.message('Still with you')).toBeVisible();
});
