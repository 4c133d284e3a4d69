// Who can take a chat: the agent's own switch and load, the colleagues, and chats that come by themselves.
import { expect, test } from '../support/journey.js';

async function write(newVisitor, text) {
  const visitor = await newVisitor();
  await visitor.visit();
  await visitor.openChat();
  await visitor.say(text);
  return visitor;
}

/** Gives new conversations to agents by themselves. */
async function route(tandem, strategy) {
  const touchpoint = await tandem.api('touchpoints/tp_demo');
  touchpoint.routing.strategy = strategy;
  await tandem.api('touchpoints/tp_demo', { method: 'PUT', body: JSON.stringify(touchpoint) });
}

test('colleagues see within two seconds who is away, busy and gone', async ({ newAgent }) => {
  const ana = await newAgent('ana');
  const ben = await newAgent('ben');
  await ana.page.getByTestId('colleagues').click();
  const row = ana.page.getByTestId('colleague').filter({ hasText: 'Ben' });
  await expect(row).toContainText('Available');
  await ben.toggleAway();
  await expect(ben.page.getByTestId('status-toggle')).toHaveText('Away');
  await expect(row).toContainText('Away', { timeout: 2_000 });
  await ben.toggleAway();
  await expect(row).toContainText('Available', { timeout: 2_000 });
  await ben.page.close();
  await expect(row).toContainText('Offline', { timeout: 2_500 });
});

test('the load counts the agent\'s open chats, and says when there is no room', async ({ newVisitor, newAgent }) => {
  const ana = await newAgent('ana');
  const load = ana.page.getByTestId('load');
  await expect(load).toContainText('0/5');
  for (let number = 1; number <= 5; number += 1) {
    await write(newVisitor, `Question number ${number}`);
    await ana.openConversation(`Question number ${number}`);
    await ana.take();
    await expect(load).toContainText(`${number}/5`);
  }
  await expect(load).toContainText('no new ones');
  const ben = await newAgent('ben');
  await ben.page.getByTestId('colleagues').click();
  await expect(ben.page.getByTestId('colleague').filter({ hasText: 'Ana' })).toContainText('Busy · 5/5');
  await ana.closeConversation();
  await expect(load).toContainText('4/5');
  await expect(ben.page.getByTestId('colleague').filter({ hasText: 'Ana' })).toContainText('Available · 4/5');
});

test('a chat that routing gives is announced, counted and marked; nobody away gets one', async ({ tandem, newVisitor, newAgent }) => {
  await route(tandem, 'round_robin');
  const ana = await newAgent('ana');
  const ben = await newAgent('ben');
  await ben.toggleAway();
  await expect(ben.page.getByTestId('status-toggle')).toHaveText('Away');
  await write(newVisitor, 'Is anybody free?');
  await expect(ana.toasts).toContainText('A new conversation for you');
  await expect(ana.page).toHaveTitle(/^\(1\)/);
  await expect(ana.row('Is anybody free?').getByTestId('row-given')).toBeVisible();
  await expect(ana.page.getByTestId('load')).toContainText('1/5');
  await expect(ben.toasts).toHaveCount(0);
  await ana.toasts.getByTestId('toast-open').click();
  await expect(ana.page.getByTestId('assignee')).toHaveText('yours');
  await expect(ana.toasts).toHaveCount(0);
  await expect(ana.thread.getByTestId('notice')).toContainText('Ana was given the conversation');
});
