// The inbox: what waits, for how long, for whom.
import { expect, test } from '../support/journey.js';

async function write(newVisitor, text) {
  const visitor = await newVisitor();
  await visitor.visit();
  await visitor.openChat();
  await visitor.say(text);
  return visitor;
}

test('who waits longest comes first, with a clock that runs', async ({ newVisitor, newAgent }) => {
  const ana = await newAgent('ana');
  const first = await write(newVisitor, 'I was here first');
  await expect(ana.rows).toHaveCount(1);
  await write(newVisitor, 'I came second');
  await ana.show('waiting');
  await expect(ana.rows).toHaveCount(2);
  // Writing again changes nothing about whose turn it is.
  await first.say('Still here');
  await expect(ana.rows.nth(0)).toContainText('Still here');
  await expect(ana.rows.nth(1)).toContainText('I came second');
  const wait = ana.rows.nth(0).getByTestId('wait');
  const seconds = async () => {
    const [minutes, rest] = (await wait.innerText()).split(':').map(Number);
    return 60 * minutes + rest;
  };
  const before = await seconds();
  await expect.poll(seconds).toBeGreaterThan(before);
  await expect(ana.page.getByTestId('view-waiting')).toContainText('2');
});

test('the views show what is whose, and closing moves it on', async ({ newVisitor, newAgent }) => {
  const ana = await newAgent('ana');
  const ben = await newAgent('ben');
  await ana.show('mine');
  await expect(ana.page.getByTestId('inbox-empty')).toContainText('Nothing is yours');
  await write(newVisitor, 'One question');
  await expect(ana.page).toHaveTitle(/^\(1\)/);
  await ana.show('waiting');
  await ana.openConversation('One question');
  await ana.take();
  await expect(ana.rows).toHaveCount(0);
  await expect(ana.page.getByTestId('inbox-empty')).toContainText('Nobody waits');
  await ana.show('mine');
  await expect(ana.row('One question')).toHaveCount(1);
  await ben.show('mine');
  await expect(ben.rows).toHaveCount(0);
  await ana.closeConversation();
  await expect(ana.rows).toHaveCount(0);
  await ana.show('closed');
  await expect(ana.row('One question')).toHaveCount(1);
  // A reload shows the view that was shown.
  await ana.page.reload();
  await expect(ana.row('One question')).toHaveCount(1);
});

test('the views can be narrowed to a team and to an agent', async ({ newVisitor, newAgent }) => {
  const ana = await newAgent('ana');
  await write(newVisitor, 'For the sales team');
  await write(newVisitor, 'For nobody yet');
  await ana.openConversation('For the sales team');
  await ana.handOverTo('Sales');
  await ana.page.getByTestId('filter').click();
  await ana.page.getByTestId('filter-team').selectOption({ label: 'Sales' });
  await expect(ana.rows).toHaveCount(1);
  await expect(ana.rows).toContainText('For the sales team');
  await ana.page.getByTestId('filter-agent').selectOption({ label: 'Ana' });
  await expect(ana.page.getByTestId('inbox-empty')).toContainText('Nothing matches');
  await ana.take();
  await expect(ana.rows).toHaveCount(1);
  await ana.page.getByTestId('filter-clear').click();
  await expect(ana.rows).toHaveCount(2);
});

test('a conversation that is erased while it is open goes with a note', async ({ tandem, newVisitor, newAgent }) => {
  const ana = await newAgent('ana');
  await write(newVisitor, 'Please forget me');
  await ana.openConversation('Please forget me');
  await ana.composer.fill('Half an answer');
  const { conversations } = await tandem.api('conversations');
  await tandem.api(`customers/${conversations[0].customer.customer_id}`, { method: 'DELETE' });
  await expect(ana.page.getByTestId('erased')).toBeVisible();
  await expect(ana.rows).toHaveCount(0);
  await expect(ana.page.locator('body')).not.toContainText('Please forget me');
  const kept = await ana.page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain('Half an answer');
});
