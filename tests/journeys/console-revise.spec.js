// Agents change what they wrote, and take it back: the visitor sees it at once, and after a reload.
import { expect, startChat, test } from '../support/journey.js';

test('an edited message changes on the visitor\'s side, live and after a reload', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'When does it arrive?');
  await agent.say('It arives on Monday');
  await expect(visitor.message('It arives on Monday')).toBeVisible();
  await agent.message('It arives on Monday').hover();
  await agent.message('It arives on Monday').getByTestId('message-edit').click();
  const field = agent.page.getByTestId('edit-field');
  await expect(field).toHaveValue('It arives on Monday');
  await field.fill('It arrives on Tuesday');
  await agent.page.getByTestId('edit-save').click();
  await expect(agent.message('It arrives on Tuesday').getByTestId('message-edited')).toHaveText('edited');
  await expect(visitor.message('It arrives on Tuesday')).toHaveCount(1);
  await expect(visitor.message('It arives on Monday')).toHaveCount(0);
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.message('It arrives on Tuesday')).toHaveCount(1);
  await expect(visitor.message('Monday')).toHaveCount(0);
});

test('a deleted message leaves its place and nothing of its text', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'What is the code?');
  await agent.say('The secret code is 4711');
  await expect(visitor.message('4711')).toBeVisible();
  await agent.message('4711').hover();
  await agent.message('4711').getByTestId('message-delete').click();
  await agent.page.getByTestId('confirm-no').click();
  await expect(agent.message('4711')).toBeVisible();
  await agent.message('4711').hover();
  await agent.message('4711').getByTestId('message-delete').click();
  await agent.page.getByTestId('confirm-yes').click();
  await expect(agent.page.getByTestId('confirm')).toHaveCount(0);
  await expect(agent.page.getByTestId('message-deleted')).toHaveText('Message deleted');
  await expect(agent.message('4711')).toHaveCount(0);
  await expect(visitor.message('4711')).toHaveCount(0);
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.message('What is the code?')).toBeVisible();
  await expect(visitor.message('4711')).toHaveCount(0);
  await expect(agent.row('Message deleted')).toHaveCount(1);
});

test('agents change only their own messages, admins take back every one', async ({ newVisitor, newAgent }) => {
  const { visitor, agent: ana } = await startChat({ newVisitor, newAgent }, 'You are all idiots');
  await ana.say('Ana answers politely');
  const ben = await newAgent('ben');
  await ben.openConversation('Ana answers politely');
  await ben.message('Ana answers politely').hover();
  await expect(ben.message('Ana answers politely').getByTestId('message-edit')).toHaveCount(0);
  await expect(ben.message('Ana answers politely').getByTestId('message-delete')).toHaveCount(0);
  const admin = await newAgent('admin');
  await admin.openConversation('Ana answers politely');
  await admin.message('You are all idiots').hover();
  await expect(admin.message('You are all idiots').getByTestId('message-edit')).toHaveCount(0);
  await admin.message('You are all idiots').getByTestId('message-delete').click();
  await admin.page.getByTestId('confirm-yes').click();
  await expect(ana.message('You are all idiots')).toHaveCount(0);
  await expect(visitor.message('You are all idiots')).toHaveCount(0);
});

test('an edit that cannot be stored says why at its place and loses no word', async ({ newVisitor, newAgent }) => {
  const { agent } = await startChat({ newVisitor, newAgent }, 'Is it red?');
  await agent.say('It is red');
  await expect(agent.stateOf('It is red')).toHaveText(/Delivered|Read/);
  await agent.composer.press('ArrowUp');
  const field = agent.page.getByTestId('edit-field');
  await field.fill('It is green, in fact');
  await agent.page.context().setOffline(true);
  await field.press('Enter');
  await expect(agent.page.getByTestId('message-editor')).toContainText('cannot be reached');
  await expect(field).toHaveValue('It is green, in fact');
  // Not even a reload loses it.
  await agent.page.context().setOffline(false);
  await agent.page.reload();
  await expect(agent.message('It is red')).toBeVisible();
  await agent.composer.press('ArrowUp');
  await expect(field).toHaveValue('It is green, in fact');
  await field.press('Enter');
  await expect(agent.message('It is green, in fact')).toBeVisible();
});
