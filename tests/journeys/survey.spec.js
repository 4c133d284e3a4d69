// After the chat the visitor is asked, once.
import { expect, startChat, test } from '../support/journey.js';

async function endedChat(fixtures) {
  const chat = await startChat(fixtures, 'A question for the survey');
  await chat.agent.say('An answer for the survey');
  await expect(chat.visitor.message('An answer for the survey')).toBeVisible();
  await chat.agent.closeConversation();
  await expect(chat.visitor.survey).toBeVisible();
  return chat;
}

/** The stored answers as the REST interface gives them. */
async function stored(tandem) {
  const page = await tandem.api('conversations?status=DONE');
  return page.conversations.map((it) => it.survey);
}

test('the answers stand in the console beside the conversation', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor, agent } = await endedChat({ newVisitor, newAgent });
  await visitor.survey.getByTestId('survey-option').nth(3).click();
  await visitor.survey.getByTestId('survey-text').fill('Quick and friendly');
  await visitor.survey.getByTestId('survey-submit').click();
  await expect(visitor.survey).toBeHidden();
  await expect(agent.page.getByText('Quick and friendly')).toBeVisible();
  await expect.poll(async () => (await stored(tandem)).length).toBe(1);
  const [survey] = await stored(tandem);
  expect(JSON.stringify(survey)).toContain('Quick and friendly');
  expect(JSON.stringify(survey)).toContain('4');
});

test('a reload in the middle keeps what was chosen and the answer is stored once', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await endedChat({ newVisitor, newAgent });
  await visitor.survey.getByTestId('survey-option').nth(4).click();
  await visitor.survey.getByTestId('survey-text').fill('Half a sentence');
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.survey).toBeVisible();
  await expect(visitor.survey.getByTestId('survey-text')).toHaveValue('Half a sentence');
  await visitor.survey.getByTestId('survey-submit').click();
  await expect(visitor.survey).toBeHidden();
  await visitor.page.reload();
  await visitor.showChat();
  await expect(visitor.survey).toBeHidden();
  const surveys = await stored(tandem);
  expect(surveys).toHaveLength(1);
  expect(JSON.stringify(surveys[0])).toContain('Half a sentence');
  expect(JSON.stringify(surveys[0])).toContain('5');
});

test('answers sent while the server is down are stored once when it is back', async ({ tandem, newVisitor, newAgent }) => {
  const { visitor } = await endedChat({ newVisitor, newAgent });
  await tandem.crash();
  await visitor.survey.getByTestId('survey-option').first().click();
  await visitor.survey.getByTestId('survey-text').fill('Said into the void');
  await visitor.survey.getByTestId('survey-submit').click();
  await tandem.start();
  await expect
    .poll(async () => JSON.stringify(await stored(tandem)), { timeout: 30_000 })
    .toContain('Said into the void');
});
