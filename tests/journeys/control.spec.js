// The agent acts on the visitor's page: only with the visitor's leave, only what they may, and as a person would.
import { expect, startChat, test } from '../support/journey.js';
import { startForms } from '../support/forms-site.js';

/** A shared page of the site with forms, on which the agent was given everything that is asked for here. */
async function startActing({ newVisitor, newAgent, tandem, closing }, path, scopes = ['scroll', 'click', 'type']) {
  const site = await closing(startForms(tandem.origin));
  const chat = await startChat({ newVisitor, newAgent }, 'Can you fill this in for me?', `${site.origin}${path}`);
  const { visitor, agent } = chat;
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('h1')).toBeVisible();
  await agent.askToAct(scopes);
  await visitor.allowActing();
  await expect(agent.page.getByTestId('cobrowse-release')).toBeVisible();
  await visitor.rest();
  return { ...chat, site };
}

const result = (visitor) => visitor.page.locator('#result');

test('nothing is done before the visitor has said yes, and a no leaves the page alone', async ({ newVisitor, newAgent, tandem, closing }) => {
  const site = await closing(startForms(tandem.origin));
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Hello', `${site.origin}/menu`);
  await agent.askToShare();
  await visitor.allowSharing();
  await agent.askToAct(['click', 'navigate']);
  await expect(visitor.controlConsent).toContainText('Ana');
  await expect(visitor.frame.getByTestId('control-click')).toBeChecked();
  await expect(visitor.frame.getByTestId('control-navigate')).toBeChecked();
  await expect(visitor.frame.getByTestId('control-type')).toHaveCount(0);
  await visitor.frame.getByTestId('control-deny').click();
  await expect(agent.page.getByTestId('cobrowse-wishes')).toBeVisible();
  await expect(agent.page.getByTestId('cobrowse-release')).toHaveCount(0);
});

test('a form in plain HTML is filled in and sent', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/plain');
  await agent.clickOnStage('[name=name]');
  await agent.page.keyboard.type('Marlene Dietrich');
  await expect(visitor.page.locator('[name=name]')).toHaveValue('Marlene Di');
  await agent.page.keyboard.press('Backspace');
  await expect(visitor.page.locator('[name=name]')).toHaveValue('Marlene D');
  await agent.page.keyboard.press('Tab');
  await expect(visitor.page.locator('[name=mail]')).toBeFocused();
  await agent.page.keyboard.type('m@example.com');
  await expect(visitor.page.locator('[name=mail]')).toHaveValue('m@example.com');
  await agent.clickOnStage('[name=height]');
  await agent.page.keyboard.type('-1.55');
  await agent.page.keyboard.press('Backspace');
  await expect(visitor.page.locator('[name=height]')).toHaveValue('-1.5');
  await agent.clickOnStage('[name=note]');
  await agent.page.keyboard.type('one');
  await agent.page.keyboard.press('Enter');
  await agent.page.keyboard.type('two');
  await expect(visitor.page.locator('[name=note]')).toHaveValue('one\ntwo');
  await agent.clickOnStage('[name=size]');
  await agent.chooseOnStage('Large');
  await expect(visitor.page.locator('[name=size]')).toHaveValue('l');
  await agent.clickOnStage('[name=gift]');
  await expect(visitor.page.locator('[name=gift]')).toBeChecked();
  await agent.clickOnStage('form button');
  await expect(result(visitor)).toContainText('name=Marlene+D&mail=m%40example.com&height=-1.5&note=one');
  await expect(result(visitor)).toContainText('size=l&gift=on');
  const events = (await visitor.page.locator('#events').textContent()).split(' ');
  expect(events.slice(0, 6)).toEqual(['pointerdown', 'mousedown', 'focusin', 'pointerup', 'mouseup', 'click']);
  expect(events).toContain('change');
});

test('a form in React is filled in', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/react');
  await agent.clickOnStage('[name=name]');
  await agent.page.keyboard.type('ada');
  await agent.clickOnStage('[name=gift]');
  await agent.clickOnStage('button');
  await agent.clickOnStage('button');
  await expect(result(visitor)).toHaveText('ADA|true|2');
});

test('a form in Vue is filled in', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/vue');
  await agent.clickOnStage('[name=name]');
  await agent.page.keyboard.type('ada');
  await agent.clickOnStage('[name=size]');
  await agent.chooseOnStage('Large');
  await agent.clickOnStage('button');
  await expect(result(visitor)).toHaveText('ada|l|1');
});

test('a rich-text editor takes what is typed', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/editor');
  await agent.clickOnStage('#editor .ql-editor');
  await agent.page.keyboard.type('Dear all');
  await agent.page.keyboard.press('Enter');
  await agent.page.keyboard.type('byes');
  await agent.page.keyboard.press('Backspace');
  await expect(result(visitor)).toHaveText(JSON.stringify('Dear all\nbye\n'));
});

test('a menu that opens on hover opens, and its entry can be clicked', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/menu');
  await agent.moveOnStage('#menu');
  await expect(agent.stage.locator('#cups')).toBeVisible();
  await agent.clickOnStage('#cups');
  await expect(result(visitor)).toHaveText('cups');
});

test('what only the visitor may do is refused, and the agent is told why', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/forbidden');
  const refused = async (selector, word) => {
    await agent.clickOnStage(selector);
    await expect(agent.toast).toContainText(word);
  };
  await refused('[type=password]', /masked|only the visitor/i);
  await refused('[autocomplete=cc-number], [name=card]', /masked/i);
  await refused('[type=file]', /masked|only the visitor/i);
  await refused('#masked', /masked/i);
  await refused('#ours', /only the visitor/i);
  await refused('#download', /only the visitor/i);
  await refused('#script', /only the visitor/i);
  await refused('#elsewhere', /only the visitor/i);
  await refused('#next', /not allowed/i);
  await refused('[aria-label=date]', /picker/i);
  await refused('#under', /over/i);
  await refused('#icon', /only the visitor/i);
  await refused('#vector', /only the visitor/i);
  await refused('#label', /only the visitor/i);
  await agent.clickOnStage('[name=order]');
  await agent.page.keyboard.type('one');
  await agent.page.keyboard.press('Enter');
  await expect(agent.toast).toContainText(/only the visitor/i);
  await expect(visitor.page.locator('[name=order]')).toHaveValue('one');
  await expect(result(visitor)).toHaveText('');
  await agent.clickOnStage('#opens');
  await expect(result(visitor)).toHaveText('null');
  expect(visitor.page.context().pages()).toHaveLength(1);
});

test('the agent goes to another page where that is allowed, and has to ask there again', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/forbidden', ['click', 'navigate']);
  await visitor.page.evaluate(() => document.querySelector('#next').removeAttribute('onclick'));
  await agent.clickOnStage('#next');
  await expect(visitor.page).toHaveURL(/\/plain$/);
  await expect(agent.stage.locator('h1')).toHaveText('Plain');
  await expect(agent.page.getByTestId('cobrowse-release')).toHaveCount(0);
  await expect(agent.page.getByTestId('cobrowse-wishes')).toBeVisible();
});

test('the agent goes back and forward on the site, and never to the one the visitor came from', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/forbidden', ['navigate']);
  await agent.page.getByTestId('cobrowse-back').click();
  await expect(agent.toast).toContainText(/only the visitor/i);
  await expect(visitor.page).toHaveURL(/\/forbidden$/);
  await visitor.page.evaluate(() => history.pushState(null, '', '/further'));
  await agent.page.getByTestId('cobrowse-back').click();
  await expect(visitor.page).toHaveURL(/\/forbidden$/);
  await agent.page.getByTestId('cobrowse-forward').click();
  await expect(visitor.page).toHaveURL(/\/further$/);
});

test('whatever the visitor does themselves comes first', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/plain');
  await visitor.page.locator('[name=note]').click();
  await agent.clickOnStage('form button');
  await expect(agent.toast).toContainText(/visitor is doing something/i);
  await expect(result(visitor)).toHaveText('');
  await visitor.rest();
  await agent.clickOnStage('form button');
  await expect(result(visitor)).toContainText('name=');
});

test('Esc takes the page back and the sharing goes on; the next one ends it', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/plain');
  await visitor.page.locator('h1').click();
  await visitor.page.keyboard.press('Escape');
  await expect(agent.page.getByTestId('cobrowse-release')).toHaveCount(0, { timeout: 1_000 });
  await expect(agent.stage.locator('h1')).toBeVisible();
  await visitor.page.keyboard.press('Escape');
  await expect(agent.view).toBeHidden({ timeout: 1_000 });
});

test('the visitor takes the page back, pauses the sharing and goes on', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/plain');
  await visitor.frame.getByTestId('control-revoke').click();
  await expect(agent.page.getByTestId('cobrowse-release')).toHaveCount(0);
  await visitor.frame.getByTestId('cobrowse-pause').click();
  await expect(agent.viewerPage.locator('.notice')).toContainText(/paused/i);
  await visitor.page.locator('h1').evaluate((title) => { title.textContent = 'Meanwhile'; });
  await visitor.page.waitForTimeout(400);
  await expect(agent.stage.locator('h1')).toHaveText('Plain');
  await visitor.frame.getByTestId('cobrowse-resume').click();
  await expect(agent.stage.locator('h1')).toHaveText('Meanwhile');
  await expect(agent.viewerPage.locator('.notice')).toHaveText('');
});

test('the agent marks an element and draws on the page without asking', async ({ newVisitor, newAgent, tandem, closing }) => {
  const site = await closing(startForms(tandem.origin));
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Where do I click?', `${site.origin}/plain`);
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('h1')).toBeVisible();
  await agent.page.getByTestId('cobrowse-mark').click();
  await agent.clickOnStage('form button');
  const target = await visitor.page.locator('form button').boundingBox();
  await expect.poll(async () => (await visitor.shown('mark'))?.left).toBeCloseTo(target.x - 5, 0);
  await agent.page.getByTestId('cobrowse-draw').click();
  await agent.drawOnStage('form');
  await expect.poll(async () => (await visitor.shown('line'))?.length ?? 0).toBeGreaterThan(10);
  await expect(result(visitor)).toHaveText('');
});

test('the agent looks around alone and comes back to where the visitor is', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/plain');
  await visitor.page.evaluate(() => { document.body.style.height = '4000px'; });
  await expect(agent.stage.locator('body')).toHaveCSS('height', '4000px');
  const stage = await agent.stageFrame();
  const top = () => stage.evaluate(() => Math.round(scrollY));
  await agent.page.getByTestId('cobrowse-alone').click();
  await agent.moveOnStage('h1');
  await agent.page.mouse.wheel(0, 700);
  await expect.poll(top).toBe(700);
  expect(await visitor.page.evaluate(() => scrollY)).toBe(0);
  await agent.page.getByTestId('cobrowse-alone').click();
  await expect.poll(top).toBe(0);
  await agent.moveOnStage('h1');
  await agent.page.mouse.wheel(0, 300);
  await expect.poll(() => visitor.page.evaluate(() => Math.round(scrollY))).toBe(300);
  await expect.poll(top).toBe(300);
});

test('a colleague looks on, the visitor is told, and only one of them acts', async ({ newVisitor, newAgent, tandem, closing }) => {
  const { visitor, agent } = await startActing({ newVisitor, newAgent, tandem, closing }, '/plain');
  const ben = await newAgent('ben');
  await ben.openConversation('Can you fill this in for me?');
  await ben.page.getByTestId('cobrowse-watch').click();
  await expect(ben.stage.locator('h1')).toHaveText('Plain');
  await expect(ben.view).toContainText('Ana acts on the page');
  await ben.askToAct(['click']);
  await expect(visitor.controlConsent).toContainText('Ben');
  await visitor.frame.getByTestId('control-allow').click();
  await expect(ben.page.getByTestId('cobrowse-release')).toBeVisible();
  await expect(agent.page.getByTestId('cobrowse-release')).toHaveCount(0);
  await expect(agent.view).toContainText('Ben acts on the page');
  await ben.page.getByTestId('cobrowse-end').click();
  await expect(ben.view).toBeHidden();
  await expect(agent.view).not.toContainText('Ben');
  await expect(agent.stage.locator('h1')).toBeVisible();
});
