// An agent corrects a message or takes it back: the visitor sees it, at once and later.
import { picture, sayAsAgent } from '../support/files.js';
import { expect, startChat, test } from '../support/journey.js';

function edit(tandem, conversationId, messageId, text) {
  const path = `conversations/${conversationId}/messages/${messageId}`;
  return tandem.api(path, { method: 'PATCH', body: JSON.stringify({ text }) });
}

function takeBack(tandem, conversationId, messageId) {
  return tandem.api(`conversations/${conversationId}/messages/${messageId}`, { method: 'DELETE' });
}

test('an edited and a deleted message show in their place, live and after a reload', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await startChat({ newVisitor, newAgent }, 'When does it arrive?');
  const conversationId = await visitor.conversationId();
  const dated = await sayAsAgent(tandem, conversationId, 'On Monday');
  const wrong = await sayAsAgent(tandem, conversationId, 'That was for somebody else', [picture('secret.png')]);
  await sayAsAgent(tandem, conversationId, 'Anything else?');
  await expect(visitor.message('That was for').locator('img')).toHaveAttribute('src', /^blob:/);
  await edit(tandem, conversationId, dated, 'On Wednesday');
  await edit(tandem, conversationId, dated, 'On Tuesday');
  await takeBack(tandem, conversationId, wrong);
  for (const isReloaded of [false, true]) {
    if (isReloaded) {
      await visitor.page.reload();
      await visitor.showChat();
    }
    const messages = visitor.log.getByTestId('message');
    await expect(messages).toHaveCount(4);
    await expect(messages.nth(1)).toContainText('On Tuesday');
    await expect(messages.nth(1).getByTestId('edited')).toHaveText('edited');
    await expect(messages.nth(2)).toContainText('Message deleted');
    await expect(messages.nth(3)).toContainText('Anything else?');
    await expect(visitor.log).not.toContainText(/Monday|Wednesday|somebody else/);
    await expect(visitor.log.getByTestId('attachment')).toHaveCount(0);
    await expect(visitor.log.getByTestId('edited')).toHaveCount(1);
  }
});

test('a message that is taken back before it was read does not count as unread', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await startChat({ newVisitor, newAgent });
  const conversationId = await visitor.conversationId();
  await visitor.closeChat();
  const first = await sayAsAgent(tandem, conversationId, 'One');
  const second = await sayAsAgent(tandem, conversationId, 'Two');
  await expect(visitor.badge).toHaveText('2');
  await edit(tandem, conversationId, first, 'One, corrected');
  await takeBack(tandem, conversationId, second);
  await expect(visitor.badge).toHaveText('1');
  await visitor.page.reload();
  await expect(visitor.badge).toHaveText('1');
  await visitor.showChat();
  await expect(visitor.badge).toBeHidden();
});
