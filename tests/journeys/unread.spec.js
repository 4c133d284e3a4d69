// The closed launcher tells how much was missed.
import { expect, startChat, test } from '../support/journey.js';

test('the badge counts what arrives while the chat is closed and goes when it is opened', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.closeChat();
  await expect(visitor.badge).toBeHidden();
  await agent.say('One');
  await expect(visitor.badge).toHaveText('1');
  await agent.say('Two');
  await expect(visitor.badge).toHaveText('2');
  await visitor.openChat();
  await expect(visitor.badge).toBeHidden();
  await expect(visitor.message('Two')).toBeVisible();
  await expect(agent.stateOf('Two')).toHaveAttribute('data-state', 'read');
});

test('the badge is still there after a reload', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.closeChat();
  await agent.say('While you were away');
  await expect(visitor.badge).toHaveText('1');
  await visitor.page.reload();
  await expect(visitor.badge).toHaveText('1');
  await expect(visitor.panel).toBeHidden();
});
