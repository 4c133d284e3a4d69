// Nothing is shared without a yes, and a no or a stop takes effect at once.
import { expect, startChat, startSharing, test } from '../support/journey.js';

test('the visitor is told who asks and what will be seen, and nothing is sent before the yes', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  const sockets = [];
  visitor.page.on('websocket', (socket) => sockets.push(socket.url()));
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
  await expect(visitor.consent).toContainText('Ana');
  await expect(visitor.consent).toContainText(/password/i);
  expect(sockets.filter((url) => url.includes('cobrowse'))).toEqual([]);
  await expect(agent.stage.locator('body')).toHaveCount(0);
});

test('after a refusal the agent is told and sees nothing', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  await agent.askToShare();
  await expect(visitor.consent).toBeVisible();
  await visitor.frame.getByTestId('cobrowse-deny').click();
  await expect(visitor.consent).toBeHidden();
  await expect(visitor.banner).toBeHidden();
  await expect(agent.page.getByText(/declined|refused|said no/i).first()).toBeVisible();
  await expect(agent.view).toBeHidden();
  await expect(agent.page.getByTestId('request-cobrowse')).toBeEnabled();
});

test('the visitor stops the sharing and the view is gone within a second', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  await visitor.frame.getByTestId('cobrowse-stop').click();
  await expect(agent.view).toBeHidden({ timeout: 1_000 });
  await expect(visitor.banner).toBeHidden();
});

test('Esc on the page stops the sharing', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  await visitor.page.locator('h1').click();
  await visitor.page.keyboard.press('Escape');
  await expect(agent.view).toBeHidden({ timeout: 1_000 });
  await expect(visitor.banner).toBeHidden();
});

test('the agent ends the sharing and the visitor sees that it is over', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  await agent.page.getByTestId('cobrowse-end').click();
  await expect(agent.view).toBeHidden();
  await expect(visitor.banner).toBeHidden();
});

test('nothing is recorded any more after the end', async ({ newVisitor, newAgent }) => {
  const visitorFrames = [];
  const { visitor, agent } = await startChat({ newVisitor, newAgent });
  visitor.page.on('websocket', (socket) => {
    if (socket.url().includes('cobrowse')) socket.on('framesent', () => visitorFrames.push(Date.now()));
  });
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('body')).toBeVisible();
  await visitor.frame.getByTestId('cobrowse-stop').click();
  await expect(agent.view).toBeHidden();
  const count = visitorFrames.length;
  expect(count).toBeGreaterThan(0);
  await visitor.page.locator('h1').evaluate((title) => { title.textContent = 'Changed in private'; });
  await visitor.page.mouse.move(200, 200);
  await visitor.page.locator('h1').click();
  await expect(visitor.page.locator('h1')).toHaveText('Changed in private');
  await visitor.page.waitForTimeout(500);
  expect(visitorFrames.length).toBe(count);
});

test('the sharing goes along to the next page', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  await visitor.page.getByRole('link', { name: 'Help', exact: true }).first().click();
  await expect(visitor.page).toHaveURL(/help\.html/);
  await expect(agent.stage.locator('h1')).toHaveText('Help');
  await expect(visitor.banner).toBeVisible();
});
