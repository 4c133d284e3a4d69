// Files travel both ways, as they are, and what is not taken is said so.
import { digest, pdf, picture, saved, sayAsAgent } from '../support/files.js';
import { expect, startChat, test } from '../support/journey.js';

const MB = 1024 * 1024;

test('a picture and a document go with a text and come back byte for byte on both sides', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Something is broken');
  const photo = picture('crack in the mug.png');
  const invoice = pdf('Rechnung №7 – März.pdf', 300_000);
  await visitor.choose(photo, invoice);
  await expect(visitor.chips).toHaveCount(2);
  await visitor.say('Here are a photo and the invoice');
  await expect(visitor.chips).toHaveCount(0);
  await expect(visitor.stateOf('Here are a photo')).not.toHaveAttribute('data-state', 'sending');
  await expect(agent.message('Here are a photo')).toHaveCount(1);

  const shown = agent.message('Here are a photo').getByTestId('attachment');
  await expect(shown).toHaveCount(2);
  const got = await saved(agent.page, shown.nth(1));
  expect([got.name, digest(got.bytes)]).toEqual([invoice.name, digest(invoice.buffer)]);
  const source = await shown.nth(0).locator('img').getAttribute('src');
  const bytes = await (await agent.page.request.get(new URL(source, agent.tandem.origin).href)).body();
  expect(digest(bytes)).toBe(digest(photo.buffer));

  for (const isReloaded of [false, true]) {
    if (isReloaded) {
      await visitor.page.reload();
      await visitor.showChat();
    }
    const own = visitor.message('Here are a photo').getByTestId('attachment');
    await expect(own).toHaveCount(2);
    await expect.poll(() => own.nth(0).locator('img').evaluate((image) => image.naturalWidth)).toBe(320);
    const again = await saved(visitor.page, own.nth(1));
    expect([again.name, digest(again.bytes)]).toEqual([invoice.name, digest(invoice.buffer)]);
  }
  expect(visitor.exceptions).toEqual([]);
});

test('a file needs no text, ten megabytes arrive whole, and the same file can be sent twice', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const large = pdf('large.pdf', 10 * MB);
  for (const count of [1, 2]) {
    await visitor.choose(large);
    await expect(visitor.chips).toHaveCount(1);
    await visitor.send.click();
    const message = visitor.log.getByTestId('message').nth(count);
    await expect(message.getByTestId('message-state')).not.toHaveAttribute('data-state', 'sending', { timeout: 30_000 });
    const shown = agent.thread.getByTestId('attachment');
    await expect(shown).toHaveCount(count);
    expect(digest((await saved(agent.page, shown.last())).bytes)).toBe(digest(large.buffer));
  }
});

test('the visitor gets an agent\'s files, also those of the time before the page was open', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await startChat({ newVisitor, newAgent });
  const conversationId = await visitor.conversationId();
  const photo = picture('shelf.png', 640, 480);
  const guide = pdf('guide.pdf', 50_000);
  await sayAsAgent(tandem, conversationId, 'The guide, and how it looks', [photo, guide]);
  for (const isReloaded of [false, true]) {
    if (isReloaded) {
      await visitor.page.reload();
      await visitor.showChat();
    }
    const shown = visitor.message('The guide, and').getByTestId('attachment');
    await expect.poll(() => shown.nth(0).locator('img').evaluate((image) => image.naturalWidth)).toBe(640);
    const got = await saved(visitor.page, shown.nth(1));
    expect([got.name, digest(got.bytes)]).toEqual([guide.name, digest(guide.buffer)]);
  }
});

test('pictures far above are fetched when they come into sight', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await startChat({ newVisitor, newAgent });
  const conversationId = await visitor.conversationId();
  await sayAsAgent(tandem, conversationId, 'first', [picture('first.png')]);
  for (let count = 0; count < 12; count += 1) await sayAsAgent(tandem, conversationId, `line ${count}\nand\nmore\nof\nit`);
  await sayAsAgent(tandem, conversationId, 'last', [picture('last.png')]);
  await visitor.page.reload();
  await visitor.showChat();
  const image = (text) => visitor.message(text).locator('img');
  await expect(image('last')).toHaveAttribute('src', /^blob:/);
  await expect(image('first')).not.toHaveAttribute('src', /./);
  await visitor.message('first').scrollIntoViewIfNeeded();
  await expect(image('first')).toHaveAttribute('src', /^blob:/);
});

test('a pasted and a dropped picture are taken, a pasted text stays a text', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const give = (kind, { buffer, name }, text) =>
    visitor.composer.evaluate(
      (field, it) => {
        const bytes = Uint8Array.from(atob(it.base64), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], it.name, { type: 'image/png' }));
        if (it.text) data.setData('text/plain', it.text);
        const options = { bubbles: true, cancelable: true };
        const event = it.kind === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent(it.kind, { ...options, dataTransfer: data });
        return field.dispatchEvent(event);
      },
      { kind, name, text, base64: buffer.toString('base64') },
    );
  expect(await give('paste', picture('image.png'), 'a text')).toBe(true);
  await expect(visitor.chips).toHaveCount(0);
  expect(await give('paste', picture('image.png'))).toBe(false);
  await expect(visitor.chips).toHaveCount(1);
  await give('dragover', picture('x.png'));
  await expect(visitor.frame.locator('html.dragging')).toHaveCount(1);
  expect(await give('drop', picture('dropped.png'))).toBe(false);
  await expect(visitor.frame.locator('html.dragging')).toHaveCount(0);
  await expect(visitor.chips).toHaveCount(2);
  await visitor.chips.first().getByTestId('remove-file').click();
  await expect(visitor.chips).toHaveCount(1);
  await visitor.send.click();
  await expect(agent.thread.getByTestId('attachment')).toHaveCount(1);
});

test('a press that takes a file away counts, though the chat is drawn anew meanwhile', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.choose(picture('first.png'), pdf('second.pdf', 1000));
  await expect(visitor.chips).toHaveCount(2);
  await visitor.chips.first().getByTestId('remove-file').hover();
  await visitor.page.mouse.down();
  await agent.say('Which one is it?');
  await expect(visitor.message('Which one is it?')).toBeVisible();
  await visitor.page.mouse.up();
  await expect(visitor.chips).toHaveCount(1);
  await expect(visitor.chips).toContainText('second.pdf');
});

test('what is too large, empty, of another kind or too much is named at once and not sent', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.choose(
    pdf('huge.pdf', 10 * MB + 1),
    { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
  );
  const faults = visitor.frame.locator('.composer').getByRole('alert');
  await expect(faults).toContainText('huge.pdf is larger than 10 MB.');
  await expect(faults).toContainText('nothing.txt is empty.');
  await expect(faults).toContainText('Files like setup.exe are not taken here.');
  await expect(visitor.chips).toHaveCount(0);
  await expect(visitor.send).toBeDisabled();
  await visitor.choose(...Array.from({ length: 11 }, (_, count) => picture(`${count}.png`, 8, 8)));
  await expect(visitor.chips).toHaveCount(10);
  await expect(faults).toHaveText('A message takes up to 10 files.');
  await visitor.send.click();
  await expect(agent.thread.getByTestId('attachment')).toHaveCount(10);
});

test('what the server does not take is said beside the file, and the text goes without it', async ({ tandem, newVisitor, newAgent }) => {
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  // A page that was loaded before the owner took less, or somebody who tampers with it.
  await visitor.page.route('**/w/tp_demo.js*', async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/("?bytes_max"?:)\d+/, '$1' + 50 * MB);
    await route.fulfill({ response: answer, body: text.replace(/("?media_types"?:)\[[^\]]*\]/, '$1["*/*"]') });
  });
  await visitor.visit();
  await visitor.openChat();
  await visitor.choose({ name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
  await visitor.say('Please run this');
  const wrong = visitor.message('Please run this');
  await expect(wrong.getByRole('alert')).toHaveText('Files like setup.exe are not taken here.');
  await expect(visitor.stateOf('Please run this')).toHaveAttribute('data-state', 'failed');
  await wrong.getByTestId('remove-file').click();
  await expect(wrong.getByRole('alert')).toHaveCount(0);
  await expect(visitor.stateOf('Please run this')).not.toHaveAttribute('data-state', /sending|failed/);
  await agent.openConversation('Please run this');

  await visitor.choose(pdf('huge.pdf', 11 * MB));
  await visitor.send.click();
  const huge = visitor.log.getByTestId('message').last();
  await expect(huge.getByRole('alert')).toHaveText('huge.pdf is too large.');
  await huge.getByTestId('remove-file').click();
  await expect(visitor.log.getByTestId('message')).toHaveCount(1);
  await expect(agent.thread.getByTestId('message')).toHaveCount(1);
  await expect(agent.thread.getByTestId('attachment')).toHaveCount(0);
  // Other tabs have to know for a while that nothing is left of the message; nothing else of it is kept.
  const kept = await visitor.page.evaluate(() =>
    Object.entries(localStorage).filter(([key]) => key.includes('outbox')).map(([, value]) => JSON.parse(value)));
  expect(kept.map(({ text, files = [] }) => ({ text, files }))).toEqual([{ text: '', files: [] }]);
  expect(tandem.output).not.toContain('setup.exe');
});
