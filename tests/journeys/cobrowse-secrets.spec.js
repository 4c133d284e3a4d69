// What is secret stays on the page: the bytes that leave it are searched, as they are sent and as they read inflated.
import { expect, startChat, test } from '../support/journey.js';
import { contentOf } from '../support/frames.js';

const SECRETS = { password: 'korrektPferdBatterie', card: '4111111111111111', code: '737', name: 'Wilhelmine', later: 'Zusatzwort' };

/** Every frame of every socket of the page, as bytes; text frames too. */
function recordFrames(page) {
  const frames = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      frames.push({ url: socket.url(), isText: typeof payload === 'string', bytes: Buffer.from(payload) });
    });
  });
  return frames;
}

test('passwords, card numbers and masked values are in no byte that leaves the page', async ({ newVisitor, newAgent, tandem }) => {
  const visitor = await newVisitor();
  const agent = await newAgent('ana');
  const frames = recordFrames(visitor.page);
  await visitor.visit('/demo/checkout.html');
  await visitor.openChat();
  await visitor.say('Please look at my form');
  await agent.openConversation('Please look at my form');
  const { page } = visitor;
  // Some is there before the sharing begins, some is typed while it runs.
  await page.getByLabel(/Create an account/).check();
  await page.getByLabel('Password').fill(SECRETS.password);
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('input[name="firstname"]')).toBeVisible();
  await page.getByLabel('First name').pressSequentially(SECRETS.name);
  await page.getByLabel('Card number').pressSequentially(SECRETS.card);
  await page.getByLabel('Security code').pressSequentially(SECRETS.code);
  await page.getByLabel('Password').pressSequentially(SECRETS.later);
  // A page may show what was typed: once secret, always secret.
  await page.getByLabel('Password').evaluate((field) => { field.type = 'text'; });
  await page.getByLabel('Password').pressSequentially('Again');
  await expect(agent.stage.locator('input[name="firstname"]')).toHaveValue(/^.{10}$/);

  const shared = frames.filter((frame) => frame.url.includes('cobrowse') && !frame.isText).map(({ bytes }) => bytes);
  expect(shared.length).toBeGreaterThan(2);
  const content = contentOf(shared);
  expect(content.includes(Buffer.from('First name')), 'what may be seen is found, so the search is able to find').toBe(true);
  for (const { url, bytes } of [...frames, { url: 'the inflated stream', bytes: content }]) {
    for (const secret of [SECRETS.password, SECRETS.card, SECRETS.name, SECRETS.later, 'Again']) {
      expect(bytes.includes(Buffer.from(secret)), `${secret} in a frame to ${url}`).toBe(false);
      expect(bytes.includes(Buffer.from(secret, 'utf16le')), `${secret} in a frame to ${url}`).toBe(false);
    }
  }
  const stage = await agent.stageFrame();
  const seen = await stage.evaluate(() => {
    const values = [...document.querySelectorAll('input, textarea')].map((field) => `${field.value} ${field.getAttribute('value')}`);
    return `${document.documentElement.outerHTML} ${values.join(' ')}`;
  });
  for (const secret of [SECRETS.password, SECRETS.card, SECRETS.name, SECRETS.later, 'PferdBatterie', 'Again']) expect(seen).not.toContain(secret);
  // Not even the length of a password or a card number is told.
  await expect(agent.stage.locator('input[name="password"]')).toHaveValue('');
  await expect(agent.stage.locator('input[name="card"]')).toHaveValue('');
  expect(tandem.output).not.toContain(SECRETS.password);
  expect(tandem.output).not.toContain('Please look at my form');
});

test('the visitor’s token is in no address', async ({ newVisitor, newAgent }) => {
  const addresses = [];
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  visitor.page.on('request', (request) => addresses.push(request.url()));
  visitor.page.on('websocket', (socket) => addresses.push(socket.url()));
  await visitor.page.reload();
  await visitor.showChat();
  await agent.say('Still there');
  await expect(visitor.message('Still there')).toBeVisible();
  const stored = await visitor.page.evaluate(() => JSON.stringify(localStorage));
  const tokens = [...stored.matchAll(/[A-Za-z0-9_-]{32,}/g)].map(([token]) => token);
  expect(tokens.length).toBeGreaterThan(0);
  for (const token of tokens) for (const address of addresses) expect(address).not.toContain(token);
});
