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
  // The pointer lives in a closed shadow root: a picture tells where it is, the developer tools' protocol what it says.
  const clip = { x: 0, y: 100, width: 800, height: 600 };
  const look = () => visitor.page.screenshot({ clip, animations: 'disabled' });
  const before = await look();
  expect(before.equals(await look()), 'nothing moves by itself').toBe(true);
  const stage = await agent.view.frameLocator('iframe').locator('iframe').boundingBox();
  const target = { x: 400, y: 400 };
  const scale = stage.width / visitor.page.viewportSize().width;
  await agent.page.mouse.move(stage.x + 20, stage.y + 20);
  await agent.page.mouse.move(stage.x + target.x * scale, stage.y + target.y * scale, { steps: 10 });
  const changed = async () => changedBox(visitor.page, before, await look());
  await expect.poll(async () => Math.abs((await changed()).left + clip.x - target.x)).toBeLessThanOrEqual(6);
  const box = await changed();
  expect(Math.abs(box.top + clip.y - target.y)).toBeLessThanOrEqual(6);
  expect(Math.max(box.width, box.height), 'the pointer and its name, nothing else').toBeLessThan(120);
  expect(await textsInShadows(visitor.page)).toContain('Ana');
});

/** The box around everything that differs between two pictures, in the pictures' own pixels. */
async function changedBox(page, one, other) {
  const desk = await page.context().newPage();
  try {
    return await desk.evaluate(async (pictures) => {
      const [first, second] = await Promise.all(pictures.map(async (picture) => {
        const image = await createImageBitmap(await (await fetch(picture)).blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      }));
      let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let at = 0; at < first.data.length; at += 4) {
        const far = [0, 1, 2].some((part) => Math.abs(first.data[at + part] - second.data[at + part]) > 40);
        if (!far) continue;
        const [x, y] = [(at / 4) % first.width, Math.floor(at / 4 / first.width)];
        [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
      }
      return { left, top, width: right - left, height: bottom - top };
    }, [one, other].map((picture) => `data:image/png;base64,${picture.toString('base64')}`));
  } finally {
    await desk.close();
  }
}

/** Every text of the page, those in closed shadow roots too. */
async function textsInShadows(page) {
  const session = await page.context().newCDPSession(page);
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  await session.detach();
  const texts = [];
  const walk = (node) => {
    if (node.nodeType === 3) texts.push(node.nodeValue.trim());
    for (const part of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) walk(part);
  };
  walk(root);
  return texts;
}
