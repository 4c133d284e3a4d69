// What changes on the visitor's page changes at the agent's.
import { expect, startSharing, test } from '../support/journey.js';

test('the agent sees text, attributes and nodes change', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  await expect(agent.stage.locator('h1')).toContainText('Useful things');
  await expect(agent.stage.locator('#grid > li')).toHaveCount(8);
  await visitor.page.evaluate(() => {
    const title = document.querySelector('h1');
    title.textContent = 'A new title';
    title.setAttribute('data-mood', 'curious');
    document.querySelector('#grid').lastElementChild.remove();
    document.querySelector('#grid').append(document.querySelector('#grid').firstElementChild);
  });
  await expect(agent.stage.locator('h1')).toHaveText('A new title');
  await expect(agent.stage.locator('h1')).toHaveAttribute('data-mood', 'curious');
  await expect(agent.stage.locator('#grid > li')).toHaveCount(7);
  await expect(agent.stage.locator('#grid > li').last()).toContainText('Stoneware mug');
});

test('the agent follows the cart of the shop as it fills and empties', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent }, '/demo/product.html?item=can');
  await visitor.page.getByRole('button', { name: 'Add to cart' }).click();
  await expect(agent.stage.locator('#added')).toContainText('1 × Watering can added');
  await visitor.page.getByRole('link', { name: 'Go to cart' }).click();
  await expect(agent.stage.locator('#total')).toHaveText('€61.00');
  await visitor.page.getByRole('button', { name: 'One more Watering can' }).click();
  await expect(agent.stage.locator('#total')).toHaveText('€112.00');
  await visitor.page.getByRole('button', { name: 'Remove Watering can' }).click();
  await expect(agent.stage.locator('#empty')).toBeVisible();
});

test('form values appear as dots of the same length, choices as they are', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent }, '/demo/checkout.html');
  await visitor.page.getByLabel('First name').pressSequentially('Marlene');
  await expect(agent.stage.locator('input[name="firstname"]')).toHaveValue(/^[^a-zA-Z]{7}$/);
  await visitor.page.getByLabel('A word for the courier').fill('Ring twice');
  await expect(agent.stage.locator('textarea[name="note"]')).toHaveValue(/^[^a-zA-Z]{10}$/);
  await visitor.page.getByLabel('By bicycle').check();
  await expect(agent.stage.locator('input[value="bicycle"]')).toBeChecked();
});

test('the agent sees where the visitor has scrolled to', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent }, '/demo/checkout.html');
  await visitor.page.evaluate(() => scrollTo(0, 600));
  const stage = await agent.stageFrame();
  await expect.poll(() => stage.evaluate(() => Math.round(scrollY))).toBe(600);
});

test('the agent’s pointer appears on the visitor’s page at the same place, with a name', async ({ newVisitor, newAgent }) => {
  const { visitor, agent } = await startSharing({ newVisitor, newAgent });
  // The pointer lives in a closed shadow root, so only a picture of the page can tell that it is there. The part
  // that is looked at holds nothing that moves by itself.
  const clip = { x: 100, y: 100, width: 700, height: 600 };
  const look = () => visitor.page.screenshot({ clip, animations: 'disabled' });
  const before = await look();
  expect(before.equals(await look())).toBe(true);
  const box = await agent.view.locator('iframe').boundingBox();
  await agent.page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
  await agent.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 10 });
  await expect.poll(async () => before.equals(await look())).toBe(false);
});
