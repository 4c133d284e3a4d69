// Agents come and go, take conversations, hand them over and close them.
import { expect, startChat, test } from '../support/journey.js';

test('an agent who goes offline and comes back finds everything that was written meanwhile', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Are you there?');
  await agent.page.context().setOffline(true);
  await agent.page.goto('about:blank').catch(() => undefined);
  await visitor.say('You seem to be gone');
  await visitor.say('I wait');
  await agent.page.context().setOffline(false);
  await agent.page.goto(`${agent.tandem.origin}/console/`);
  await expect(agent.inbox).toBeVisible();
  await agent.openConversation('I wait');
  await expect(agent.message('You seem to be gone')).toHaveCount(1);
  await expect(agent.message('I wait')).toHaveCount(1);
  await agent.say('Here I am again');
  await expect(visitor.message('Here I am again')).toHaveCount(1);
});

test('a conversation that was taken belongs to that agent and can be handed over', async ({ newVisitor, newAgent }) => {
  const { visitor, agent: ana } = await startChat({ newVisitor, newAgent }, 'Who takes this?');
  const ben = await newAgent('ben');
  await ana.take();
  await expect(ana.page.getByTestId('assignee')).toHaveText('yours');
  await expect(ben.rows.filter({ hasText: 'Who takes this?' })).toContainText(/Ana|A/);
  await ana.handOverTo('Ben');
  await ben.openConversation('Who takes this?');
  await ben.say('Ben here, I go on from here');
  await expect(visitor.message('Ben here, I go on from here')).toContainText('Ben');
});

test('closing ends the conversation on both sides and a new message begins anew', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'One small question');
  await agent.say('One small answer');
  await agent.closeConversation();
  await expect(visitor.survey).toBeVisible();
  await expect(agent.rows.filter({ hasText: 'One small answer' })).toHaveCount(0);
});
