// What the agent sees around the shared page: its title, its size, and what the visitor has zoomed in to.
import { expect, picture, startSharing, test } from '../support/journey.js';

test('the title and the address change with the page', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  const viewer = agent.view.frameLocator('iframe');
  await expect(viewer.locator('.title')).toHaveText(await visitor.page.title());
  await visitor.page.evaluate(() => {
    document.title = 'Another title';
    history.pushState(null, '', '/demo/elsewhere?secret=1#part');
  });
  await expect(viewer.locator('.title')).toHaveText('Another title');
  await expect(viewer.locator('.url')).toHaveText(/\/demo\/elsewhere$/);
});

test('the agent sees which part of the page the visitor has zoomed in to', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  const lens = agent.view.frameLocator('iframe').locator('.lens');
  await expect(lens).toBeHidden();
  const session = await visitor.page.context().newCDPSession(visitor.page);
  await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
  await expect.poll(() => visitor.page.evaluate(() => visualViewport.scale)).toBe(2);
  await expect(lens).toBeVisible();
  const size = await lens.evaluate((element) => [getComputedStyle(element).width, getComputedStyle(element).height]);
  const expected = await visitor.page.evaluate(() => [`${Math.round(innerWidth / 2)}px`, `${Math.round(innerHeight / 2)}px`]);
  expect(size).toEqual(expected);
  await picture(agent.page, 'cobrowse-zoomed-in');
  await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1 });
  await expect(lens).toBeHidden();
});
