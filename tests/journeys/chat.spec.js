// A visitor and an agent write to each other.
import { expect, startChat, test } from '../support/journey.js';

test('messages travel both ways and stand in the same order on both sides', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Do the mugs survive a dishwasher?');
  await agent.say('They do, the glazed ones.');
  await expect(visitor.message('They do, the glazed ones.')).toHaveAttribute('data-author', 'agent');
  await visitor.say('Then I take three.');
  await expect(agent.message('Then I take three.')).toHaveAttribute('data-author', 'customer');
  const transcript = await visitor.transcript();
  expect(transcript.map((it) => it.author)).toEqual(['customer', 'agent', 'customer']);
  const seqs = transcript.map((it) => it.seq);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(visitor.exceptions).toEqual([]);
  expect(agent.exceptions).toEqual([]);
});

test('each side sees the other one writing, and sees it stop', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await agent.composer.pressSequentially('Let me see', { delay: 30 });
  await expect(visitor.panel.getByText(/Ana is (typing|writing)/)).toBeVisible();
  await agent.page.getByTestId('send').click();
  await expect(visitor.panel.getByText(/Ana is (typing|writing)/)).toBeHidden();
  await visitor.composer.pressSequentially('Thank you', { delay: 30 });
  const sign = agent.thread.getByText(/is (typing|writing)/);
  await expect(sign).toBeVisible();
  await visitor.composer.fill('');
  await expect(sign).toBeHidden();
});

test('a message is sent, then read once the other side has it on the screen', async ({ newVisitor, newAgent }) => {
  const visitor = await newVisitor();
  await visitor.visit();
  await visitor.openChat();
  await visitor.say('First, while nobody is there');
  await expect(visitor.stateOf('First, while nobody is there')).toHaveAttribute('data-state', 'sent');
  const agent = await newAgent('ana');
  await agent.openConversation('First, while nobody is there');
  await expect(visitor.stateOf('First, while nobody is there')).toHaveAttribute('data-state', 'read');
  await agent.say('Now somebody is');
  await expect(agent.stateOf('Now somebody is')).toHaveAttribute('data-state', 'read');
});

test('markup becomes elements and markup of others stays text', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await visitor.composer.fill('<img src=x onerror=alert(1)> **bold** https://example.com/a');
  await visitor.composer.press('Enter');
  const received = agent.message('onerror');
  await expect(received).toContainText('<img src=x onerror=alert(1)>');
  await expect(received.locator('img')).toHaveCount(0);
  await expect(received.locator('strong')).toHaveText('bold');
  await expect(received.locator('a')).toHaveAttribute('href', 'https://example.com/a');
});
