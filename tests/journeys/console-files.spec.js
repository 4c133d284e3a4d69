// Files between agents and visitors, from the agent's side.
import { expect, startChat, test } from '../support/journey.js';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const PDF = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(700_000), Buffer.from('\n%%EOF\n')]);
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A picture a browser can draw. */
async function painted(page) {
  return page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } });
}

async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('a picture and a document go to the visitor whole, with a text', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Can you send me the manual?');
  const png = await painted(agent.page);
  await agent.chooseFiles([
    { name: 'stool.png', mimeType: 'image/png', buffer: png },
    { name: 'manual.pdf', mimeType: 'application/pdf', buffer: PDF },
    { name: 'not this one.txt', mimeType: 'text/plain', buffer: Buffer.from('private') },
  ]);
  const chips = agent.page.getByTestId('chosen-file');
  await expect(chips).toHaveCount(3);
  await chips.filter({ hasText: 'not this one' }).getByTestId('remove-file').click();
  await expect(chips).toHaveCount(2);
  await agent.say('Here is the manual');
  await expect(chips).toHaveCount(0);
  const message = agent.message('Here is the manual');
  await expect(message.locator('[data-testid=attachment][data-kind=picture]')).toBeVisible();
  await expect(message.locator('[data-testid=attachment][data-kind=file]')).toContainText('manual.pdf');
  await expect(agent.stateOf('Here is the manual')).toHaveText(/Sent|Delivered|Read/);

  const received = visitor.message('Here is the manual');
  await expect(received).toHaveCount(1);
  await expect(received).toContainText('manual.pdf');
  await expect(received).not.toContainText('not this one');
  const own = await downloaded(agent.page, () => message.locator('[data-kind=file]').click());
  expect(own.name).toBe('manual.pdf');
  expect(digest(own.bytes)).toBe(digest(PDF));
});

test('a picture is shown large and goes by Esc', async ({ newVisitor, newAgent }) => {
  const { agent } = await startChat({ newVisitor, newAgent }, 'Show me');
  await agent.chooseFiles([{ name: 'lamp.png', mimeType: 'image/png', buffer: await painted(agent.page) }]);
  await agent.page.getByTestId('send').click();
  const thumbnail = agent.page.locator('[data-testid=attachment][data-kind=picture]');
  await thumbnail.click();
  const image = agent.page.getByTestId('picture').locator('img');
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((it) => it.naturalWidth)).toBe(320);
  await agent.page.keyboard.press('Escape');
  await expect(agent.page.getByTestId('picture')).toHaveCount(0);
  await expect(thumbnail).toBeFocused();
});

test('files are taken from the clipboard and from a drag', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Drop it');
  await agent.composer.evaluate((field) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['a'], 'pasted.txt', { type: 'text/plain' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
  });
  await agent.page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['b'], 'dropped.txt', { type: 'text/plain' }));
    const send = (name) => document.querySelector('.log').dispatchEvent(new DragEvent(name, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    send('dragover');
    send('drop');
  });
  await expect(agent.page.getByTestId('chosen-file')).toHaveCount(2);
  // Another conversation and back: what was chosen is still there.
  await agent.page.keyboard.press('Escape');
  await agent.page.keyboard.press('Escape');
  await agent.openConversation('Drop it');
  await expect(agent.page.getByTestId('chosen-file')).toHaveCount(2);
  await agent.page.getByTestId('send').click();
  await expect(visitor.log).toContainText('pasted.txt');
  await expect(visitor.log).toContainText('dropped.txt');
});

test('a file that is empty or too large is refused by name before it is sent', async ({ newVisitor, newAgent }) => {
  const { agent } = await startChat({ newVisitor, newAgent }, 'Too much');
  await agent.chooseFiles([{ name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }]);
  await expect(agent.page.getByTestId('file-fault')).toHaveText('nothing.txt is empty.');
  const many = Array.from({ length: 11 }, (_, index) => ({ name: `${index}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') }));
  await agent.chooseFiles(many);
  await expect(agent.page.getByTestId('file-fault')).toHaveText('A message takes at most 10 files.');
  await expect(agent.page.getByTestId('chosen-file')).toHaveCount(10);
});

test('a name that lies about its ending is shown with the true one, and nothing in it runs', async ({ newVisitor, newAgent }) => {
  const { agent } = await startChat({ newVisitor, newAgent }, 'Harmless');
  const names = ['bill\u202Efdp.exe', '<img src=x onerror=alert(1)>.txt', `${'long '.repeat(20)}name.html`];
  await agent.chooseFiles(names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('x') })));
  await agent.page.getByTestId('send').click();
  const files = agent.page.locator('[data-testid=attachment][data-kind=file]');
  await expect(files).toHaveCount(3);
  await expect(files.nth(0)).toContainText('billfdp.exe');
  await expect(files.nth(1)).toContainText('<img src=x onerror=alert(1)>.txt');
  await expect(files.nth(2).getByText('.html', { exact: true })).toBeInViewport();
  expect(agent.exceptions).toEqual([]);
});

test('a file under way survives a reload of the console and arrives once', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Mind the gap');
  let pieces = 0;
  await agent.page.route('**/api/v1/attachments/**', (route) => {
    pieces += route.request().method() === 'PATCH' ? 1 : 0;
    return pieces > 2 ? route.abort() : route.continue();
  });
  await agent.chooseFiles([{ name: 'manual.pdf', mimeType: 'application/pdf', buffer: PDF }]);
  await agent.composer.fill('The manual comes in pieces');
  await agent.page.getByTestId('send').click();
  await expect(agent.page.locator('progress')).toBeVisible();
  await expect.poll(() => pieces).toBeGreaterThan(2);
  await expect(agent.stateOf('The manual comes in pieces')).toHaveText('Sending');
  await agent.page.unroute('**/api/v1/attachments/**');
  let sentBytes = 0;
  agent.page.on('request', (request) => {
    if (request.method() === 'PATCH') sentBytes += Number(request.headers()['content-length'] ?? request.postDataBuffer()?.length ?? 0);
  });
  await agent.page.reload();
  await expect(visitor.message('The manual comes in pieces')).toContainText('manual.pdf', { timeout: 20_000 });
  await expect(visitor.message('The manual comes in pieces')).toHaveCount(1);
  expect(sentBytes).toBeLessThan(PDF.length);
  const message = agent.message('The manual comes in pieces');
  const { bytes } = await downloaded(agent.page, () => message.locator('[data-kind=file]').click());
  expect(digest(bytes)).toBe(digest(PDF));
});

test('a file the server refuses is named with the reason, and its message can be given up', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Refuse it');
  await agent.page.route('**/api/v1/attachments', (route) => route.fulfill({
    status: 415,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title: 'Unsupported', status: 415, detail: 'files of this kind are not taken', code: 'unsupported' }),
  }));
  await agent.chooseFiles([{ name: 'tool.bin', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }]);
  await agent.composer.fill('Try this tool');
  await agent.page.getByTestId('send').click();
  await expect(agent.stateOf('Try this tool')).toHaveText('Not sent');
  await expect(agent.toasts).toContainText('tool.bin was not sent: files of this kind are not taken');
  await agent.page.getByTestId('message-discard').click();
  await expect(agent.message('Try this tool')).toHaveCount(0);
  await agent.page.reload();
  await expect(agent.message('Refuse it')).toBeVisible();
  await expect(agent.message('Try this tool')).toHaveCount(0);
  await agent.say('Never mind');
  await expect(visitor.message('Never mind')).toBeVisible();
});
