// Recorder and viewer without Tandem's server: the guide, the example, and a console on somebody else's origin.
import { readFile } from 'node:fs/promises';
import { expect, picture, test } from '../support/journey.js';
import { startPage } from '../support/site.js';

const SCREENS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** The example with its two sides; what their policies refuse is collected. */
async function openExample(page, origin) {
  const refused = [];
  page.on('console', (message) => /content security policy/i.test(message.text()) && refused.push(message.text()));
  await page.goto(`${origin}/sdk/example/`);
  const visitor = page.frameLocator('iframe[title="The page"]');
  const agent = page.frameLocator('iframe[title="Its copy"]');
  return { refused, visitor, agent, copy: agent.frameLocator('[data-testid=stage]') };
}

test('the example shows a page and its copy, without what is masked, and ends when it is told to', async ({ page, tandem }) => {
  const { refused, visitor, agent, copy } = await openExample(page, tandem.origin);
  await expect(agent.getByRole('status')).toHaveText('Waiting for a page to be shared.');
  await visitor.getByLabel('Your name').fill('Jane');
  await visitor.getByTestId('share').click();
  await expect(copy.getByRole('heading', { name: 'Book a table', includeHidden: true })).toBeVisible();
  await visitor.getByLabel('Guests').selectOption('three');
  await visitor.getByLabel('Card number').fill('4111 1111 1111 1111');
  await visitor.getByRole('button', { name: 'Book' }).click();
  await expect(copy.locator('li')).toHaveText(['A table for three']);
  await expect(copy.locator('[name=guests]')).toHaveJSProperty('selectedIndex', 1);
  await expect(copy.locator('[name=name]')).toHaveValue('••••');
  await expect(copy.locator('[name=card]')).toHaveValue('');
  await expect(copy.locator('.reference')).not.toContainText('R-20431');
  await expect(copy.locator('body')).not.toContainText('nobody');
  await expect(agent.getByRole('status')).toHaveText(/Book a table · \d+ × \d+ · \d+ frames, [\d,]+ bytes/);
  await visitor.getByTestId('share').click();
  await expect(agent.getByRole('status')).toHaveText('The page is not shared any more.');
  await expect(copy.locator('h1')).toHaveCount(0);
  expect(refused).toEqual([]);
});

test('a second console that opens late, and one that has lost a frame, see the page as it stands', async ({ page, tandem }) => {
  const { visitor } = await openExample(page, tandem.origin);
  await visitor.getByTestId('share').click();
  await visitor.getByRole('button', { name: 'Book' }).click();
  const late = await page.context().newPage();
  await late.goto(`${tandem.origin}/sdk/example/agent.html`);
  const copy = late.frameLocator('[data-testid=stage]');
  await expect(copy.locator('li')).toHaveCount(1);
  // Bytes that are no frame, and then a frame that is missing.
  await late.evaluate(() => {
    const channel = new BroadcastChannel('tandem-sdk-example');
    channel.postMessage(new Uint8Array([1, 2, 3]));
  });
  await visitor.getByRole('button', { name: 'Book' }).click();
  await expect(copy.locator('li')).toHaveCount(2);
});

test('a console on another origin loads the viewer from here and shows what the recorder there recorded', async ({ page, tandem, closing }) => {
  const frame = '<!doctype html><title>Stage</title>';
  const site = await closing(startPage(`<!doctype html><title>Their console</title><h1>Orders</h1><p>12 open</p>
    <iframe sandbox="allow-same-origin" srcdoc="${frame}"></iframe>`));
  await page.goto(site.origin);
  const seen = await page.evaluate(async (origin) => {
    const [recorder, viewer] = await Promise.all(['recorder', 'viewer'].map((name) => import(`${origin}/sdk/${name}.js`)));
    await Promise.all([recorder.default(), viewer.default()]);
    const iframe = document.querySelector('iframe');
    const show = new viewer.Viewer(iframe);
    const isWhole = show.apply(new recorder.Recorder({ block: ['iframe'] }).snapshot());
    return { isWhole, page: show.page, text: iframe.contentDocument.querySelector('p').textContent, window: [innerWidth, innerHeight] };
  }, tandem.origin);
  expect(seen.isWhole).toBe(true);
  expect(seen.text).toBe('12 open');
  expect(seen.page).toMatchObject({ title: 'Their console', isPaused: false, isQuirky: false });
  expect([seen.page.width, seen.page.height]).toEqual(seen.window);
});

test('the guide names every method there is, and its policy is the one that the example has', async ({ page, tandem, request }) => {
  await page.goto(`${tandem.origin}/sdk/`);
  const guide = await page.locator('main').innerText();
  for (const name of ['recorder', 'viewer']) {
    const source = await readFile(new URL(`../../www/sdk/${name}.js`, import.meta.url), 'utf8');
    const methods = [...source.matchAll(/^ {2}(?:get )?([a-z]\w*)\(.*\{$/gm)].map(([, method]) => method).filter((method) => method !== 'constructor');
    expect(methods.length).toBeGreaterThan(2);
    for (const method of methods) expect(guide).toContain(`.${method}`);
  }
  const stage = await request.get(`${tandem.origin}/sdk/example/stage.html`);
  const policy = stage.headers()['content-security-policy'];
  for (const part of ["default-src 'none'", 'sandbox allow-same-origin', "frame-ancestors 'self'"]) {
    expect(policy).toContain(part);
    expect(guide).toContain(part);
  }
  for (const [name, size] of Object.entries(SCREENS)) {
    await page.setViewportSize(size);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
    await picture(page, `sdk-guide-${name}`, { fullPage: true });
  }
  await page.getByRole('link', { name: 'Open the example' }).click();
  const visitor = page.frameLocator('iframe[title="The page"]');
  await visitor.getByTestId('share').click();
  await expect(page.frameLocator('iframe[title="Its copy"]').frameLocator('[data-testid=stage]').locator('h1')).toHaveText('Book a table');
  for (const [name, size] of Object.entries(SCREENS)) {
    await page.setViewportSize(size);
    await picture(page, `sdk-example-${name}`, { fullPage: true });
  }
});
