// A conversation changes hands: taken, handed over with a note, put into a queue.
import { expect, startChat, test } from '../support/journey.js';
import { listenToWire } from '../support/wire.js';

const NOTE = 'Third complaint this week: please be generous';

test('of two agents who take one conversation at once one gets it and the other is told by whom', async ({ tandem, newVisitor, newAgent }) => {
  const { agent: ana } = await startChat({ newVisitor, newAgent }, 'Both of you?');
  const ben = await newAgent('ben');
  await ben.openConversation('Both of you?');
  // Both requests are on their way before either agent hears of the other.
  const held = [];
  for (const agent of [ana, ben]) {
    await agent.page.route('**/assignee', (route) => { held.push(route); });
    await agent.take();
  }
  await expect.poll(() => held.length).toBe(2);
  await Promise.all(held.map((route) => route.continue()));
  await expect.poll(async () => (await tandem.api('conversations')).conversations[0].assignee?.name).toMatch(/^(Ana|Ben)$/);
  const { name } = (await tandem.api('conversations')).conversations[0].assignee;
  const [winner, loser] = name === 'Ana' ? [ana, ben] : [ben, ana];
  await expect(loser.toasts).toContainText(`${name} was faster`);
  await expect(winner.toasts).toHaveCount(0);
  await expect(winner.page.getByTestId('assignee')).toHaveText('yours');
  await expect(loser.page.getByTestId('assignee')).toHaveText(name);
});

test('a note goes to the next agent as a note, and nothing of it to the visitor', async ({ newVisitor, newAgent }) => {
  const ana = await newAgent('ana');
  const ben = await newAgent('ben');
  const visitor = await newVisitor();
  const wire = listenToWire(visitor.page);
  await visitor.visit();
  await visitor.openChat();
  await visitor.say('My parcel is lost again');
  await ana.openConversation('My parcel is lost again');
  await ana.take();
  await expect(ana.page.getByTestId('assignee')).toHaveText('yours');
  await ana.handOverTo('Ben', NOTE);

  await expect(ben.toasts).toContainText('Ana gave you the conversation');
  await expect(ben.toasts.getByTestId('toast-note')).toHaveText(NOTE);
  await expect(ben.row('My parcel is lost again').getByTestId('row-given')).toBeVisible();
  await ben.toasts.getByTestId('toast-open').click();
  await expect(ben.notes).toContainText(NOTE);
  await expect(ben.notes).toContainText('Note from Ana');
  await expect(ben.notes).toContainText('Only agents see this');
  await expect(ben.row('My parcel is lost again').getByTestId('row-given')).toHaveCount(0);
  await expect(ana.notes).toContainText(NOTE);
  // A note is no message, whatever looks for messages.
  await expect(ben.message(NOTE)).toHaveCount(0);

  await ben.say('Ben here, I look into it');
  await expect(visitor.message('Ben here, I look into it')).toBeVisible();
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.message('Ben here, I look into it')).toBeVisible();
  for (const frame of visitor.page.frames()) expect(await frame.content()).not.toContain('generous');
  const received = await wire.text();
  expect(received).toContain('I look into it');
  expect(received).not.toContain('generous');
});

test('a colleague who is faster is named in the popover, and the note is kept for a second try', async ({ newVisitor, newAgent }) => {
  const { agent: ana } = await startChat({ newVisitor, newAgent }, 'Who has me?');
  const ben = await newAgent('ben');
  await ben.openConversation('Who has me?');
  const held = [];
  await ana.page.route('**/assignee', (route) => { held.push(route); });
  await ana.page.getByTestId('transfer').click();
  await ana.assignTo('Sales', 'Wants a discount');
  await expect.poll(() => held.length).toBe(1);
  await ben.take();
  await expect(ben.page.getByTestId('assignee')).toHaveText('yours');
  await held[0].continue();
  await ana.page.unroute('**/assignee');
  await expect(ana.page.getByTestId('assign-fault')).toContainText('Ben answers this conversation by now');
  await expect(ana.page.getByTestId('assign-note')).toHaveValue('Wants a discount');
  await ana.assignTo('Sales');
  await expect(ana.assignPopover).toBeHidden();
  await expect(ben.notes).toContainText('Wants a discount');
});

test('a team gets a conversation into its queue, and whoever of it takes it has it', async ({ newVisitor, newAgent }) => {
  const { agent: ana } = await startChat({ newVisitor, newAgent }, 'I want to return a cushion');
  const ben = await newAgent('ben');
  await ana.take();
  await expect(ana.page.getByTestId('assignee')).toHaveText('yours');
  await ana.handOverTo('Support', 'A return, yours');
  await expect(ana.page.getByTestId('conversation-team')).toHaveText('Support');
  await expect(ana.page.getByTestId('assignee')).toHaveText('unassigned');

  await ben.show('teams');
  await expect(ben.row('I want to return a cushion')).toHaveCount(1);
  await ana.show('teams');
  await expect(ana.row('I want to return a cushion')).toHaveCount(0);
  await ben.openConversation('I want to return a cushion');
  await expect(ben.notes).toContainText('A return, yours');
  await ben.take();
  await expect(ben.page.getByTestId('assignee')).toHaveText('yours');
  await expect(ben.row('I want to return a cushion')).toHaveCount(1);
  // Back to everybody: it belongs to no team any more.
  await ben.handOverTo('Everybody');
  await expect(ben.row('I want to return a cushion')).toHaveCount(0);
  await ana.show('waiting');
  await expect(ana.row('I want to return a cushion')).toHaveCount(1);
});
