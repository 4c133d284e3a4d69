// Sessions that the visitor begins: an offer that an agent takes up, and six digits that are read out.
import { expect, picture, startChat, startSharing, test } from '../support/journey.js';

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** The visitor offers to share the page, and the offer stands. */
async function offer(visitor) {
  await visitor.chooseInMenu('offer');
  await expect(visitor.consent).toContainText('our team');
  await expect(visitor.consent).toContainText(/password/i);
  await visitor.frame.getByTestId('cobrowse-allow').click();
  await expect(visitor.frame.getByTestId('offer')).toBeVisible();
}

/** The digits of a new code. */
async function getCode(visitor) {
  await visitor.chooseInMenu('code');
  const digits = visitor.frame.getByTestId('code-digits');
  await expect(digits).toHaveText(/^\d{6}$/);
  return digits.textContent();
}

async function redeem(agent, code) {
  await agent.page.getByTestId('connect-by-code').click();
  await agent.page.getByTestId('cobrowse-code').fill(code);
  await agent.page.getByTestId('code-connect').click();
}

test('an offer that an agent takes up begins at once, without a second question', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const sockets = [];
  visitor.page.on('websocket', (socket) => sockets.push(socket.url()));
  await offer(visitor);
  await expect(agent.page.getByTestId('cobrowse-state')).toContainText('offers to show you the page');
  expect(sockets.filter((url) => url.includes('cobrowse')), 'nothing is sent before somebody looks').toEqual([]);
  await agent.page.getByTestId('cobrowse-look').click();
  await expect(agent.stage.locator('h1')).toBeVisible();
  await expect(visitor.banner).toContainText('Ana');
  await expect(visitor.consent).toBeHidden();
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
  await visitor.frame.getByTestId('cobrowse-stop').click();
  await expect(agent.view).toBeHidden();
  await expect(agent.page.getByTestId('cobrowse-look'), 'an offer is good once').toBeHidden();
  await agent.askToShare();
  await expect(visitor.consent, 'the next time is asked for again').toContainText('Ana');
});

test('a visitor who says no to their own offer offers nothing, and one that stands can be taken back', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.chooseInMenu('offer');
  await visitor.frame.getByTestId('cobrowse-deny').click();
  await expect(visitor.consent).toBeHidden();
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
  await offer(visitor);
  await expect(agent.page.getByTestId('cobrowse-look')).toBeVisible();
  await visitor.frame.getByTestId('offer-withdraw').click();
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
  await expect(agent.page.getByTestId('cobrowse-look')).toBeHidden();
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
});

test('an offer is gone after a reload, and so is the yes', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await offer(visitor);
  await expect(agent.page.getByTestId('cobrowse-look')).toBeVisible();
  await visitor.page.reload();
  await expect(agent.page.getByTestId('cobrowse-look')).toBeHidden();
  await visitor.showChat();
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
  await agent.askToShare();
  await expect(visitor.consent).toContainText('Ana');
  await expect(agent.stage.locator('body')).toHaveCount(0);
});

test('an offer ends with its chat', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await offer(visitor);
  await visitor.frame.getByTestId('end-chat').click();
  await visitor.frame.getByTestId('end-chat-confirm').click();
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
  await expect(agent.page.getByTestId('cobrowse-look')).toBeHidden();
});

test('an agent who asks while the visitor is about to offer gets one session', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.chooseInMenu('offer');
  await expect(visitor.consent).toContainText('our team');
  await agent.askToShare();
  // The agent's question lies above the visitor's own.
  await visitor.consent.filter({ hasText: 'Ana' }).getByTestId('cobrowse-allow').click();
  await expect(agent.stage.locator('h1')).toBeVisible();
  await expect(visitor.banner).toContainText('Ana');
  await expect(visitor.consent).toHaveCount(0);
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
});

test('a code brings a visitor who never wrote to the agent they read it to', async ({ newVisitor, newAgent }) => {
  const ben = await newAgent('ben', DESKTOP);
  const visitor = await newVisitor();
  await visitor.visit();
  await visitor.openChat();
  expect(await visitor.page.evaluate(() => localStorage.getItem('tandem.tp_demo.session')), 'nobody was made so far').toBeNull();
  const code = await getCode(visitor);
  await expect(visitor.frame.getByTestId('code-left')).toContainText('minutes');
  await redeem(ben, `${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(visitor.consent).toContainText('May Ben see this page?');
  await expect(visitor.frame.getByTestId('code')).toBeHidden();
  await visitor.allowSharing();
  await expect(ben.stage.locator('h1')).toBeVisible();
  await expect(ben.thread).toContainText('I have a code to share this page.');
  await expect(visitor.log).toContainText('Ben joined the chat');
});

test('a code is entered by keyboard alone, and a wrong one says so', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const code = await getCode(visitor);
  await agent.thread.click({ position: { x: 4, y: 4 } });
  await agent.page.keyboard.press('Escape');
  await agent.page.keyboard.press('c');
  await expect(agent.page.getByTestId('cobrowse-code')).toBeFocused();
  await agent.page.keyboard.type(String((Number(code) + 1) % 1_000_000).padStart(6, '0'));
  await agent.page.keyboard.press('Enter');
  await expect(agent.page.getByTestId('code-fault')).toContainText('wrong');
  await agent.page.getByTestId('cobrowse-code').fill('');
  await agent.page.keyboard.type(code);
  await agent.page.keyboard.press('Enter');
  await expect(agent.page.getByTestId('code-form')).toBeHidden();
  await expect(agent.thread).toContainText('Hello, is anybody there?');
  await visitor.allowSharing();
  await expect(agent.stage.locator('h1')).toBeVisible();
});

test('a new code takes the place of the one before, and no code stands in an address or the log', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const addresses = [];
  for (const { page } of [visitor, agent]) page.on('request', (request) => addresses.push(request.url()));
  const first = await getCode(visitor);
  await visitor.frame.getByTestId('code-new').click();
  const digits = visitor.frame.getByTestId('code-digits');
  await expect(digits).toHaveText(/^\d{6}$/);
  await expect(digits).not.toHaveText(first);
  const second = await digits.textContent();
  await redeem(agent, first);
  await expect(agent.page.getByTestId('code-fault')).toBeVisible();
  for (const code of [first, second]) {
    expect(addresses.filter((address) => address.includes(code))).toEqual([]);
    expect(tandem.output).not.toContain(code);
  }
});

test('the other tab of the visitor leaves an offer to the one that made it', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const other = await visitor.newTab('/demo/help.html');
  await other.showChat();
  await expect(other.log).toContainText('Hello, is anybody there?');
  await visitor.page.bringToFront();
  await offer(visitor);
  await agent.page.getByTestId('cobrowse-look').click();
  await expect(agent.stage.locator('h1')).toContainText('Useful things');
  await expect(visitor.banner).toContainText('Ana');
  await expect(other.consent).toHaveCount(0);
  await expect(other.banner).toHaveCount(0);
});

test('a code is asked about although the visitor offered before', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await offer(visitor);
  const code = await getCode(visitor);
  await expect(visitor.frame.getByTestId('offer')).toBeHidden();
  await redeem(agent, code);
  await expect(visitor.consent).toContainText('May Ana see this page?');
  await expect(agent.stage.locator('body')).toHaveCount(0);
});

test('the menu opens with one press after the page was shared and the chat was closed and opened', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await offer(visitor);
  await agent.page.getByTestId('cobrowse-look').click();
  await expect(visitor.banner).toBeVisible();
  await visitor.closeChat();
  await visitor.showChat();
  await visitor.frame.getByTestId('menu').click();
  await expect(visitor.frame.getByRole('menu')).toBeVisible();
  await visitor.frame.getByTestId('menu').click();
  await expect(visitor.frame.getByRole('menu')).toBeHidden();
});

test('the menu is a menu for the keyboard', async ({ newVisitor, newAgent }) => {
  const { visitor } = await startChat({ newVisitor, newAgent });
  const { keyboard } = visitor.page;
  const button = visitor.frame.getByTestId('menu');
  const [offering, code] = [visitor.frame.getByTestId('menu-offer'), visitor.frame.getByTestId('menu-code')];
  await button.focus();
  await keyboard.press('Enter');
  await expect(visitor.frame.getByRole('menu')).toBeVisible();
  await expect(offering).toBeFocused();
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await keyboard.press('ArrowDown');
  await expect(code).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(offering).toBeFocused();
  await keyboard.press('End');
  await expect(code).toBeFocused();
  await keyboard.press('Escape');
  await expect(visitor.frame.getByRole('menu')).toBeHidden();
  await expect(button).toBeFocused();
  await expect(visitor.panel, 'Esc closes the menu and not the chat').toBeVisible();
  await keyboard.press('Enter');
  await expect(offering).toBeFocused();
  await keyboard.press('End');
  await expect(code).toBeFocused();
  await keyboard.press('Enter');
  await expect(visitor.frame.getByTestId('code')).toBeVisible();
  await keyboard.press('Escape');
  await expect(visitor.frame.getByTestId('code')).toBeHidden();
});

test('what cannot be done is not offered: a page that is shared, a visitor who never wrote, a touchpoint without co-browsing', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await startSharing({ newVisitor, newAgent });
  await visitor.frame.getByTestId('menu').click();
  for (const entry of ['offer', 'code']) {
    await expect(visitor.frame.getByTestId(`menu-${entry}`)).toHaveAttribute('aria-disabled', 'true');
  }
  const newcomer = await newVisitor();
  await newcomer.visit();
  await newcomer.openChat();
  await newcomer.frame.getByTestId('menu').click();
  await expect(newcomer.frame.getByTestId('menu-offer')).toHaveAttribute('aria-disabled', 'true');
  await expect(newcomer.frame.getByTestId('menu-code')).toHaveAttribute('aria-disabled', 'false');
  const touchpoint = await tandem.api('touchpoints/tp_demo');
  touchpoint.cobrowse.is_enabled = false;
  await tandem.api('touchpoints/tp_demo', { method: 'PUT', body: JSON.stringify(touchpoint) });
  const other = await newVisitor();
  await other.visit();
  await other.openChat();
  await expect(other.frame.getByTestId('menu')).toHaveCount(0);
});

for (const [size, options] of [['desktop', DESKTOP], ['phone', PHONE]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`beginning a session, ${size}, ${colorScheme}`, async ({ newVisitor, newAgent }) => {
      const agent = await newAgent('ana', { ...options, colorScheme });
      const visitor = await newVisitor({ ...options, colorScheme });
      await visitor.visit();
      await visitor.openChat();
      await visitor.say('Can you have a look at this page?');
      await visitor.frame.getByTestId('menu').click();
      await expect(visitor.frame.getByRole('menu')).toBeVisible();
      await picture(visitor.page, `start-menu-${size}-${colorScheme}`);
      await visitor.frame.getByTestId('menu-code').click();
      await expect(visitor.frame.getByTestId('code-digits')).toHaveText(/^\d{6}$/);
      await picture(visitor.page, `start-code-${size}-${colorScheme}`);
      await visitor.frame.getByTestId('code-close').click();
      await visitor.chooseInMenu('offer');
      await expect(visitor.consent).toBeVisible();
      await picture(visitor.page, `start-ask-${size}-${colorScheme}`);
      await visitor.frame.getByTestId('cobrowse-allow').click();
      await expect(visitor.frame.getByTestId('offer')).toBeVisible();
      await picture(visitor.page, `start-offer-${size}-${colorScheme}`);
      await agent.page.getByTestId('connect-by-code').click();
      await agent.page.getByTestId('cobrowse-code').fill('12345');
      await agent.page.getByTestId('code-connect').click();
      await expect(agent.page.getByTestId('code-fault')).toBeVisible();
      await picture(agent.page, `start-console-code-${size}-${colorScheme}`);
      await agent.page.keyboard.press('Escape');
      await agent.openConversation('Can you have a look');
      await expect(agent.page.getByTestId('cobrowse-look')).toBeVisible();
      await picture(agent.page, `start-console-offer-${size}-${colorScheme}`);
    });
  }
}

test('the menu, the code and the offer read from right to left in Arabic', async ({ newVisitor }) => {
  const visitor = await newVisitor({ ...PHONE, locale: 'ar' });
  await visitor.visit();
  await visitor.openChat();
  await visitor.say('مرحبا');
  await visitor.frame.getByTestId('menu').click();
  await expect(visitor.frame.getByRole('menu')).toContainText('مشاركة هذه الصفحة');
  await picture(visitor.page, 'start-menu-arabic');
  await visitor.frame.getByTestId('menu-code').click();
  await expect(visitor.frame.getByTestId('code-digits')).toHaveText(/^\d{6}$/);
  await picture(visitor.page, 'start-code-arabic');
});
