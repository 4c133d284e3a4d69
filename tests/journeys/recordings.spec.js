// Shared pages that are recorded: told to the visitor before, watched by supervisors and admins only, gone when deleted.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentOf } from '../support/frames.js';
import { expect, picture, startChat, test } from '../support/journey.js';

const SECRET = 'korrektPferdBatterie';
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
/** What a file begins with, and what stands before each frame. */
const [MAGIC_BYTES, HEAD_BYTES] = [8, 8];

async function allowRecording(tandem) {
  const touchpoint = await tandem.api('touchpoints/tp_demo');
  touchpoint.cobrowse.recording = true;
  await tandem.api('touchpoints/tp_demo', { method: 'PUT', body: JSON.stringify(touchpoint) });
}

/** The frames of every recording on disk. */
async function recordedFiles(tandem) {
  const folder = join(tandem.folder, 'recordings');
  const names = await readdir(folder);
  return Promise.all(names.map((name) => readFile(join(folder, name))));
}

function framesOf(file) {
  const frames = [];
  for (let at = MAGIC_BYTES; at + HEAD_BYTES <= file.length;) {
    const bytes = file.readUInt32LE(at);
    if (bytes > 0) frames.push(file.subarray(at + HEAD_BYTES, at + HEAD_BYTES + bytes));
    at += HEAD_BYTES + bytes;
  }
  return frames;
}

/** A recorded session in which the title of the page changes step by step, a second and a half apart. */
async function recordSession({ tandem, newVisitor, newAgent }, titles, address = '/demo/') {
  await allowRecording(tandem);
  const chat = await startChat({ newVisitor, newAgent }, 'Can you have a look at this page?', address);
  await chat.agent.askToShare();
  await expect(chat.visitor.consent).toContainText('The session is recorded.');
  await chat.visitor.allowSharing();
  await expect(chat.agent.stage.locator('h1')).toBeVisible();
  await expect(chat.agent.page.getByTestId('cobrowse-recorded')).toBeVisible();
  await expect(chat.visitor.frame.getByTestId('cobrowse-recorded')).toHaveText('Recorded');
  for (const title of titles) {
    await chat.visitor.page.evaluate((text) => { document.querySelector('h1').textContent = text; }, title);
    await expect(chat.agent.stage.locator('h1')).toHaveText(title);
    await chat.visitor.page.mouse.move(200 + 100 * titles.indexOf(title), 300);
    await chat.visitor.page.waitForTimeout(1_500);
  }
  return chat;
}

async function endSession({ tandem }, { visitor }) {
  await visitor.frame.getByTestId('cobrowse-stop').click();
  await expect.poll(async () => (await tandem.api('recordings')).recordings[0]?.ended?.by).toBe('session');
}

/** Opens the only recording from the list. */
async function watch(admin) {
  await admin.page.getByTestId('recordings').click();
  return watchFrom(admin, admin.page);
}

/** Opens the only recording that stands in a part of the screen. */
async function watchFrom(admin, part) {
  await part.getByTestId('recording-row').click();
  const viewer = admin.page.getByTestId('recording-view').contentFrame();
  const stage = viewer.frameLocator('.stage iframe');
  await expect(stage.locator('h1')).toBeVisible();
  return { viewer, stage };
}

async function seekTo(viewer, share) {
  await viewer.locator('.player__time').evaluate((range, part) => {
    range.value = String(Number(range.max) * part);
    range.dispatchEvent(new Event('input'));
    range.dispatchEvent(new Event('change'));
  }, share);
}

test('a recorded session is told, watched from any moment by an admin, and gone when deleted', async ({ tandem, newVisitor, newAgent }) => {
  const chat = await recordSession({ tandem, newVisitor, newAgent }, ['First', 'Second', 'Third']);
  await endSession({ tandem }, chat);
  const admin = await newAgent('admin', DESKTOP);
  const { viewer, stage } = await watch(admin);
  await expect(stage.locator('h1')).toContainText('Useful things');
  await viewer.getByRole('button', { name: 'Play' }).click();
  await expect(stage.locator('h1')).toHaveText('Third', { timeout: 15_000 });
  await seekTo(viewer, 0.4);
  await expect(stage.locator('h1'), 'an earlier moment shows the page as it was').toHaveText(/First|Second/);
  await seekTo(viewer, 0);
  await expect(stage.locator('h1')).toContainText('Useful things');
  await expect(viewer.locator('.pointer')).toBeHidden();
  await seekTo(viewer, 1);
  await expect(stage.locator('h1')).toHaveText('Third');
  await expect(viewer.locator('.pointer')).toBeVisible();
  expect(admin.exceptions).toEqual([]);
  const { recordings: [recording] } = await tandem.api('recordings');
  const { views } = await tandem.api(`recordings/${recording.recording_id}`);
  expect(views.map((view) => view.agent.name)).toEqual(['Admin']);
  await admin.page.getByTestId('recording-delete').click();
  await admin.page.getByTestId('confirm-yes').click();
  await expect(admin.page.getByText('No recordings')).toBeVisible();
  expect(await recordedFiles(tandem)).toEqual([]);
});

test('keys play, hold and go back and forth, and faster is faster', async ({ tandem, newVisitor, newAgent }) => {
  const chat = await recordSession({ tandem, newVisitor, newAgent }, ['First', 'Second', 'Third', 'Fourth', 'Fifth']);
  await endSession({ tandem }, chat);
  const admin = await newAgent('admin', DESKTOP);
  const { viewer, stage } = await watch(admin);
  const { keyboard } = admin.page;
  const play = viewer.locator('.player__play');
  // Nothing was clicked in the viewer: the keys are its own from the first moment on.
  await keyboard.press(' ');
  await expect(play).toHaveAttribute('aria-label', 'Pause');
  await keyboard.press(' ');
  await expect(play).toHaveAttribute('aria-label', 'Play');
  const time = async () => Number(await viewer.locator('.player__time').inputValue());
  await keyboard.press('Home');
  const begin = await time();
  await keyboard.press('ArrowRight');
  await expect.poll(time).toBe(begin + 5_000);
  await expect(stage.locator('h1')).toHaveText(/Second|Third|Fourth/);
  await keyboard.press('ArrowLeft');
  await expect.poll(time).toBe(begin);
  await viewer.getByLabel('Speed').selectOption('8');
  const began = Date.now();
  await play.click();
  await expect(stage.locator('h1')).toHaveText('Fifth');
  expect(Date.now() - began).toBeLessThan(4_000);
});

/** Where playing was while it went on, looked at every few milliseconds, until the page shows this title. */
async function placesUntil(viewer, stage, title) {
  const time = viewer.locator('.player__time');
  const watching = await time.evaluateHandle((range) => {
    const places = [];
    const timer = setInterval(() => places.push(Number(range.value)), 20);
    return { places, stop: () => clearInterval(timer) };
  });
  await viewer.locator('.player__play').click();
  await expect(stage.locator('h1')).toHaveText(title, { timeout: 30_000 });
  return watching.evaluate(({ places, stop }) => (stop(), places));
}

test('from the conversation to the player and back, and quiet stretches are skipped when that is wanted', async ({ tandem, newVisitor, newAgent }) => {
  // It is recorded and played twice, at the pace of a clock.
  test.setTimeout(120_000);
  const chat = await recordSession({ tandem, newVisitor, newAgent }, ['First']);
  await chat.visitor.page.waitForTimeout(9_000);
  await chat.visitor.page.evaluate(() => { document.querySelector('h1').textContent = 'Last'; });
  await expect(chat.agent.stage.locator('h1')).toHaveText('Last');
  await chat.visitor.page.waitForTimeout(1_000);
  await endSession({ tandem }, chat);
  const admin = await newAgent('admin', DESKTOP);
  await admin.openConversation('Can you have a look at this page?');
  const { viewer, stage } = await watchFrom(admin, admin.page.getByTestId('customer-recordings'));
  const { recordings: [recording] } = await tandem.api('recordings');
  const { quiet } = await tandem.api(`recordings/${recording.recording_id}`);
  expect(quiet.length, 'nine seconds without a change are a quiet stretch').toBe(1);
  // A second is left standing at both ends, and a little for the clock.
  const isWithin = (ms) => ms > quiet[0].from_ms + 1_300 && ms < quiet[0].to_ms - 1_300;
  const skip = viewer.getByLabel(/skip/i);
  await skip.check();
  const skipped = await placesUntil(viewer, stage, 'Last');
  expect(skipped.filter(isWithin)).toEqual([]);
  await expect(viewer.locator('.player'), 'it holds at its end').toHaveAttribute('data-motion', 'ended');
  await skip.uncheck();
  await seekTo(viewer, 0);
  await expect(stage.locator('h1')).not.toHaveText('Last');
  const whole = await placesUntil(viewer, stage, 'Last');
  expect(whole.filter(isWithin).length).toBeGreaterThan(0);
  await admin.page.getByTestId('recording-conversation').click();
  await expect(admin.thread).toContainText('Can you have a look at this page?');
});

test('agents have no recordings to see, and a visitor who is not recorded is not told so', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
  await expect(visitor.consent).not.toContainText('recorded');
  await visitor.allowSharing();
  await expect(agent.stage.locator('body')).toBeVisible();
  await expect(visitor.frame.getByTestId('cobrowse-recorded')).toHaveCount(0);
  expect(await recordedFiles(tandem)).toEqual([]);
  await expect(agent.page.getByTestId('recordings')).toHaveCount(0);
  await agent.page.goto(`${tandem.origin}/console/#recordings`);
  await expect(agent.page.getByTestId('recordings-screen')).toHaveCount(0);
  const status = await agent.page.evaluate(async () => (await fetch('/api/v1/recordings')).status);
  expect(status).toBe(403);
});

test('no byte of a recording holds a password', async ({ tandem, newVisitor, newAgent }) => {
  await allowRecording(tandem);
  const chat = await startChat({ newVisitor, newAgent }, 'Please look at my form', '/demo/checkout.html');
  const { page } = chat.visitor;
  await page.getByLabel(/Create an account/).check();
  await page.getByLabel('Password').fill(SECRET);
  await chat.agent.askToShare();
  await chat.visitor.allowSharing();
  await expect(chat.agent.stage.locator('input[name="firstname"]')).toBeVisible();
  await page.getByLabel('Password').pressSequentially('Zusatzwort');
  await page.getByLabel('First name').pressSequentially('Wilhelmine');
  await expect(chat.agent.stage.locator('input[name="firstname"]')).toHaveValue(/^.{10}$/);
  await endSession({ tandem }, chat);
  const [file] = await recordedFiles(tandem);
  const content = contentOf(framesOf(file));
  expect(content.includes('First name'), 'what may be seen is found, so the search is able to find').toBe(true);
  for (const secret of [SECRET, 'PferdBatterie', 'Zusatzwort', 'Wilhelmine']) {
    expect(file.includes(secret), secret).toBe(false);
    expect(content.includes(secret), secret).toBe(false);
  }
  expect(tandem.output).not.toContain(SECRET);
});

for (const [size, options] of [['desktop', DESKTOP], ['phone', PHONE]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`recordings, ${size}, ${colorScheme}`, async ({ tandem, newVisitor, newAgent }) => {
      const chat = await recordSession({ tandem, newVisitor, newAgent }, ['First', 'Second']);
      if (size === 'desktop') await chat.visitor.page.waitForTimeout(5_500);
      await endSession({ tandem }, chat);
      const admin = await newAgent('admin', { ...options, colorScheme });
      await admin.page.getByTestId('recordings').click();
      await expect(admin.page.getByTestId('recording-row')).toBeVisible();
      await picture(admin.page, `recordings-list-${size}-${colorScheme}`);
      await admin.page.getByTestId('recordings-back').click();
      const { viewer } = await watch(admin);
      await seekTo(viewer, 0.4);
      await expect(viewer.locator('.pointer')).toBeVisible();
      const bar = await viewer.locator('.player').boundingBox();
      const { width, height } = admin.page.viewportSize();
      expect(bar.x >= 0 && bar.x + bar.width <= width && bar.y + bar.height <= height, 'the controls are in sight').toBe(true);
      await picture(admin.page, `recordings-player-${size}-${colorScheme}`);
      await admin.page.goto(`${tandem.origin}/console/#${(await tandem.api('recordings')).recordings[0].conversation_id}`);
      if (size === 'phone') await admin.page.locator('.thread__details').click();
      await expect(admin.page.getByTestId('customer-recordings').getByTestId('recording-row')).toBeVisible();
      await picture(admin.page, `recordings-beside-${size}-${colorScheme}`);
    });
  }
}
