// An upload that was cut goes on where it was: nothing is sent twice, nothing is lost, whatever happens meanwhile.
import { digest, pdf, saved, watchUploads } from '../support/files.js';
import { expect, test as base } from '../support/journey.js';
import { Line } from '../support/line.js';
import { page, scriptTag, startPage } from '../support/site.js';

const MB = 1024 * 1024;
/** What is lost of a piece that was cut, what is sent besides files, and what waits in the buffers of the line. */
const SPARE_BYTES = 1.5 * MB;

const test = base.extend({
  /** A visitor behind a line, with a conversation that an agent has open. */
  chat: async ({ tandem, newVisitor, newAgent, closing }, use) => {
    const line = await closing(Line.open(tandem.port));
    const agent = await newAgent('ana');
    const visitor = await newVisitor();
    await visitor.visit(`${line.origin}/demo/`);
    await visitor.openChat();
    await visitor.say('I have a file for you');
    await agent.openConversation('I have a file for you');
    await use({ line, agent, visitor, uploads: watchUploads(visitor.page.context()) });
  },
});

/** Sends a file over a line that takes some seconds for it, and waits until a part of it is there. */
async function sendSlowly({ line, visitor }, file, text) {
  line.upBytesPerSecond = 1.5 * MB;
  await visitor.choose(file);
  await expect(visitor.chips).toHaveCount(1);
  line.upBytes = 0;
  await visitor.say(text);
  await expect.poll(() => progress(visitor, text), { timeout: 20_000 }).toBeGreaterThan(20);
}

function progress(visitor, text) {
  const bar = visitor.message(text).locator('progress');
  return bar.evaluate((it) => it.value, undefined, { timeout: 1_000 }).catch(() => 0);
}

/** The file is there once, as it was, and no more of it went over the line than had to. */
async function proveWhole({ line, agent, visitor, uploads }, file, text) {
  await expect(agent.message(text)).toHaveCount(1, { timeout: 40_000 });
  await expect(visitor.stateOf(text)).not.toHaveAttribute('data-state', /sending|failed/);
  const shown = agent.thread.getByTestId('attachment');
  await expect(shown).toHaveCount(1);
  const got = await saved(agent.page, shown);
  expect([got.name, digest(got.bytes)]).toEqual([file.name, digest(file.buffer)]);
  expect(uploads.made).toBe(1);
  expect(uploads.offsets.filter((offset) => offset === 0)).toHaveLength(1);
  expect(line.upBytes).toBeLessThan(file.buffer.length + SPARE_BYTES);
  await expect(visitor.message(text)).toHaveCount(1);
}

test('a line that breaks in the middle of a piece', async ({ chat }) => {
  const file = pdf('broken.pdf', 8 * MB);
  await sendSlowly(chat, file, 'Over a bad line');
  chat.line.cut();
  await expect(chat.visitor.frame.getByText(/Reconnecting/)).toBeVisible();
  chat.line.mend();
  await proveWhole(chat, file, 'Over a bad line');
});

test('a server that is killed and started again', async ({ tandem, chat }) => {
  const file = pdf('killed.pdf', 8 * MB);
  await sendSlowly(chat, file, 'While the server dies');
  await tandem.crash();
  await expect(chat.visitor.frame.getByText(/Reconnecting/)).toBeVisible();
  await tandem.start();
  await proveWhole(chat, file, 'While the server dies');
});

test('a network that goes and comes', async ({ chat }) => {
  const file = pdf('offline.pdf', 8 * MB);
  await sendSlowly(chat, file, 'In the train');
  await chat.visitor.page.context().setOffline(true);
  await expect(chat.visitor.stateOf('In the train')).toHaveAttribute('data-state', 'sending');
  await chat.visitor.page.context().setOffline(false);
  await proveWhole(chat, file, 'In the train');
});

test('a page that is loaded again', async ({ chat }) => {
  const file = pdf('reloaded.pdf', 8 * MB);
  await sendSlowly(chat, file, 'Before the reload');
  await chat.visitor.page.reload();
  await chat.visitor.showChat();
  await expect(chat.visitor.message('Before the reload')).toHaveCount(1);
  await proveWhole(chat, file, 'Before the reload');
  // What is with the server is not kept here any longer.
  await expect.poll(() => keptFiles(chat.visitor)).toEqual([]);
});

test('a second tab that opens meanwhile leaves the file to the first', async ({ chat }) => {
  const file = pdf('tabs.pdf', 8 * MB);
  await sendSlowly(chat, file, 'From one of two tabs');
  const other = await chat.visitor.page.context().newPage();
  await other.goto(`${chat.line.origin}/demo/`);
  await other.waitForFunction(() => window.Tandem);
  await other.evaluate(() => window.Tandem.open());
  const there = other.frameLocator('iframe[data-testid="frame"]').getByTestId('message').filter({ hasText: 'From one' });
  await expect(there).toHaveCount(1);
  await proveWhole(chat, file, 'From one of two tabs');
  await expect(there.getByTestId('message-state')).not.toHaveAttribute('data-state', /sending|failed/);
});

test('a file that was taken out of its message while it was on its way', async ({ tandem, chat }) => {
  const { visitor, agent } = chat;
  await sendSlowly(chat, pdf('regret.pdf', 8 * MB), 'Never mind the file');
  await visitor.message('Never mind').getByTestId('remove-file').click();
  await expect(agent.message('Never mind')).toHaveCount(1);
  await expect(agent.thread.getByTestId('attachment')).toHaveCount(0);
  await expect.poll(() => keptFiles(visitor)).toEqual([]);
  // The way is free for the next one.
  chat.line.upBytesPerSecond = 0;
  await visitor.choose(pdf('better.pdf', 20_000));
  await visitor.say('This one instead');
  await expect(agent.message('This one instead').getByTestId('attachment')).toHaveCount(1);
  expect(tandem.output).not.toContain('regret.pdf');
});

test('bytes that are gone are asked for again, and the text is not held up', async ({ chat }) => {
  const { line, visitor, agent } = chat;
  line.upBytesPerSecond = MB / 2;
  await visitor.choose(pdf('lost.pdf', 4 * MB));
  await visitor.say('With a file that gets lost');
  await expect.poll(() => progress(visitor, 'With a file')).toBeGreaterThan(0);
  // A browser may clear what a site keeps; the page's own storage stays.
  const frame = visitor.page.frames().find((it) => it.url().includes('/w/frame/'));
  await visitor.page.goto(`${line.origin}/demo/images/finch.svg`);
  await forgetDatabases(visitor.page.context(), frame.url());
  await visitor.visit(`${line.origin}/demo/`);
  await visitor.showChat();
  const lost = visitor.message('With a file');
  await expect(lost.getByRole('alert')).toContainText('lost.pdf is no longer in this browser');
  await expect(visitor.stateOf('With a file')).toHaveAttribute('data-state', 'failed');
  await lost.getByTestId('remove-file').click();
  await expect(agent.message('With a file')).toHaveCount(1);
  await expect(agent.thread.getByTestId('attachment')).toHaveCount(0);
});

test('without consent a file is sent and nothing of it is kept', async ({ newVisitor, newAgent, closing, tandem }) => {
  const tag = scriptTag(tandem.origin, 'tp_demo', ' data-consent="required"');
  const site = await closing(startPage(page(`<h1>Careful</h1>${tag}`)));
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  await visitor.visit(site.origin);
  await visitor.openChat();
  await visitor.choose(pdf('private.pdf', 3 * MB));
  await expect(visitor.chips).toHaveCount(1);
  expect(await keptFiles(visitor)).toEqual([]);
  await visitor.say('Without a trace');
  await agent.openConversation('Without a trace');
  await expect(agent.thread.getByTestId('attachment')).toHaveCount(1);
  expect(await keptFiles(visitor)).toEqual([]);
  // With consent the next one is kept until it is sent; taken back, it goes.
  await tandem.crash();
  await visitor.choose(pdf('later.pdf', 20_000));
  await visitor.page.evaluate(() => window.Tandem.consent(true));
  await expect.poll(() => keptFiles(visitor)).toHaveLength(1);
  await visitor.page.evaluate(() => window.Tandem.consent(false));
  await expect.poll(() => keptFiles(visitor)).toEqual([]);
  await visitor.say('Kept for the length of the page');
  await tandem.start();
  await expect(agent.message('Kept for the length').getByTestId('attachment')).toHaveCount(1, { timeout: 30_000 });
});

/** The names of what the frame keeps in its databases. */
async function keptFiles(visitor) {
  const frame = visitor.page.frames().find((it) => it.url().includes('/w/frame/'));
  return frame.evaluate(async () => {
    const kept = [];
    for (const { name } of await indexedDB.databases()) {
      const request = indexedDB.open(name);
      const database = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
      const keys = database.objectStoreNames.contains('files')
        ? database.transaction('files').objectStore('files').getAllKeys()
        : { result: [] };
      if (keys.transaction) await new Promise((resolve) => { keys.onsuccess = resolve; });
      kept.push(...keys.result);
      database.close();
    }
    return kept;
  });
}

/** Removes the databases of the frame; its own origin is the page's here. */
async function forgetDatabases(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      const request = indexedDB.deleteDatabase(name);
      await new Promise((resolve, reject) => {
        request.onsuccess = resolve;
        request.onblocked = reject;
      });
    }
  });
  await page.close();
}
