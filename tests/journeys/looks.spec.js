// Pictures of every face of the product, kept as artefacts to be looked at.
import { expect, picture, startChat, startSharing, test } from '../support/journey.js';

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

test('launcher, open chat and unread badge', async ({ newVisitor, newAgent }) => {
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  await visitor.visit();
  await expect(visitor.launcher).toBeVisible();
  await picture(visitor.page, 'launcher');
  await visitor.openChat();
  await picture(visitor.page, 'chat-empty');
  await visitor.say('Do you still have the oak stool in smoked?');
  await agent.openConversation('oak stool');
  await agent.say('Two of them. Shall I put one aside for you? https://example.com/oak-stool');
  await expect(visitor.message('Two of them')).toBeVisible();
  await visitor.say('Yes, please!');
  await agent.composer.pressSequentially('Done', { delay: 20 });
  await expect(visitor.panel.getByText(/is (typing|writing)/)).toBeVisible();
  await picture(visitor.page, 'chat-open');
  await agent.page.getByTestId('send').click();
  await expect(visitor.message('Done')).toBeVisible();
  await visitor.closeChat();
  await agent.say('Anything else?');
  await expect(visitor.badge).toHaveText('1');
  await picture(visitor.page, 'launcher-unread');
});

test('survey', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'That was quick, thank you');
  await agent.closeConversation();
  await expect(visitor.survey).toBeVisible();
  await picture(visitor.page, 'survey');
  await visitor.survey.getByTestId('survey-option').nth(4).click();
  await visitor.survey.getByTestId('survey-text').fill('Friendly and fast.');
  await picture(visitor.page, 'survey-filled');
  await visitor.survey.getByTestId('survey-submit').click();
  await expect(visitor.survey).toBeHidden();
  await picture(visitor.page, 'survey-thanks');
  await expect(agent.page.getByText('Friendly and fast.')).toBeVisible();
  await picture(agent.page, 'console-survey');
});

test('console: login and inbox', async ({ tandem, browser, newVisitor, newAgent }) => {
  const context = await browser.newContext();
  const login = await context.newPage();
  await login.goto(`${tandem.origin}/console/`);
  await expect(login.getByTestId('login-email')).toBeVisible();
  await picture(login, 'console-login');
  await context.close();
  const agent = await newAgent('ana', { viewport: { width: 1440, height: 900 } });
  await picture(agent.page, 'console-empty');
  for (const text of ['My parcel has not arrived', 'Is the mug dishwasher safe?', 'I would like to return a cushion']) {
    const visitor = await newVisitor();
    await visitor.visit();
    await visitor.openChat();
    await visitor.say(text);
  }
  await expect(agent.rows).toHaveCount(3);
  await agent.openConversation('Is the mug dishwasher safe?');
  await agent.take();
  await agent.say('It is. Wood is not, stoneware is.');
  await picture(agent.page, 'console-inbox');
  await agent.page.emulateMedia({ colorScheme: 'dark' });
  await picture(agent.page, 'console-inbox-dark');
});

test('consent, banner and console with a shared page', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'I am stuck at the checkout', '/demo/checkout.html');
  await agent.page.setViewportSize({ width: 1440, height: 900 });
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
  await picture(visitor.page, 'consent');
  await visitor.allowSharing();
  await expect(agent.stage.locator('h1')).toHaveText('Checkout');
  await visitor.page.getByLabel('First name').fill('Marlene');
  await expect(agent.stage.locator('input[name="firstname"]')).toHaveValue(/^.{7}$/);
  await picture(visitor.page, 'sharing');
  await picture(agent.page, 'console-cobrowse');
  const box = await agent.view.locator('iframe').boundingBox();
  await agent.page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
  await agent.page.mouse.move(box.x + box.width / 2.2, box.y + box.height / 2.2, { steps: 8 });
  await visitor.page.waitForTimeout(300);
  await picture(visitor.page, 'sharing-pointer');
});

test('phone width: shop, chat, consent and console', async ({ newVisitor, newAgent }) => {
  const agent = await newAgent('ana');
  const visitor = await newVisitor(PHONE);
  await visitor.visit();
  await expect(visitor.launcher).toBeVisible();
  await picture(visitor.page, 'phone-launcher');
  await visitor.openChat();
  await visitor.say('Hello from a phone');
  await agent.openConversation('Hello from a phone');
  await agent.say('Hello back');
  await expect(visitor.message('Hello back')).toBeVisible();
  await picture(visitor.page, 'phone-chat');
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
  await picture(visitor.page, 'phone-consent');
  await agent.page.setViewportSize(PHONE.viewport);
  await picture(agent.page, 'phone-console');
});

test('visitor and agent side by side', async ({ browser, newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  await visitor.page.setViewportSize({ width: 1200, height: 750 });
  await agent.page.setViewportSize({ width: 1440, height: 900 });
  await visitor.page.evaluate(() => scrollTo(0, 470));
  await agent.say('Every mug is safe for the dishwasher: the one on the left is my favourite.');
  await expect(visitor.message('my favourite')).toBeVisible();
  const stage = agent.stage.locator('img[src*="mug"]');
  await stage.hover({ force: true, position: { x: 90, y: 80 } });
  await visitor.page.waitForTimeout(300);
  const pictures = [await visitor.page.screenshot(), await agent.page.screenshot()];
  const sources = pictures.map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`);
  const context = await browser.newContext({ viewport: { width: 1612, height: 564 }, deviceScaleFactor: 1.5 });
  const sheet = await context.newPage();
  await sheet.setContent(`<style>
    body { margin: 0; padding: 32px; box-sizing: border-box; align-items: center; display: flex; gap: 28px; background: linear-gradient(120deg, #dfe7de, #e7dfe3); }
    img { display: block; block-size: 480px; border-radius: 10px; box-shadow: 0 10px 34px #0003; }
  </style><img src="${sources[0]}"><img src="${sources[1]}">`);
  await picture(sheet, 'side-by-side');
  await context.close();
});

test('a conversation changes hands, as visitor and agents see it', async ({ newVisitor, newAgent }) => {
  const visitor = await newVisitor(PHONE);
  await visitor.visit();
  await visitor.openChat();
  await visitor.say('My parcel is lost again, and nobody answers the phone');
  await picture(visitor.page, 'chat-waiting');
  const ana = await newAgent('ana', { viewport: { width: 1440, height: 900 } });
  await ana.openConversation('My parcel is lost again');
  await ana.take();
  await ana.say('Hello, Ana here. I hand you to somebody who can see the depot.');
  await ana.handOverTo('Support', 'Second time this week');
  await expect(visitor.message('Ana here')).toBeVisible();
  await expect(visitor.panel).toContainText('Support');
  await picture(visitor.page, 'chat-handed-over');
  await picture(ana.page, 'console-handed-over');
});
