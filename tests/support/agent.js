// Somebody at the console, in words of what they do and see.
import { expect } from '@playwright/test';

export class Agent {
  constructor(page, tandem) {
    this.page = page;
    this.tandem = tandem;
    this.inbox = page.getByTestId('inbox');
    this.rows = page.getByTestId('conversation-row');
    this.thread = page.getByTestId('thread');
    this.composer = page.getByTestId('composer');
    this.assignPopover = page.getByTestId('assign-popover');
    this.notes = page.getByTestId('internal-note');
    this.toasts = page.getByTestId('toast');
    this.view = page.getByTestId('cobrowse-view');
    /** The document of the visitor's page as it was rebuilt. */
    this.stage = this.view.frameLocator('iframe').frameLocator('iframe');
    this.exceptions = [];
    page.on('pageerror', (error) => this.exceptions.push(error.message));
  }

  async signIn(name, password = 'demo') {
    await this.page.goto(`${this.tandem.origin}/console/`);
    await this.page.getByTestId('login-email').fill(`${name}@demo.test`);
    await this.page.getByTestId('login-password').fill(password);
    await this.page.getByTestId('login-submit').click();
    await expect(this.inbox).toBeVisible();
    await expect(this.page.getByTestId('status-toggle')).toBeVisible();
    return this;
  }

  /** Opens the conversation whose row shows this text. */
  async openConversation(text) {
    await this.rows.filter({ hasText: text }).first().click();
    await expect(this.thread).toBeVisible();
    await expect(this.message(text).first()).toBeVisible();
  }

  async say(text) {
    await this.composer.fill(text);
    await this.page.getByTestId('send').click();
    await expect(this.message(text)).toBeVisible();
  }

  message(text) {
    return this.thread.getByTestId('message').filter({ hasText: text });
  }

  stateOf(text) {
    return this.message(text).getByTestId('message-state');
  }

  async take() {
    await this.page.getByTestId('assign').click();
  }

  /** Gives the conversation to an agent, a team or the queue, by the name in the list, with a note or without. */
  async handOverTo(name, note) {
    await this.page.getByTestId('transfer').click();
    await this.assignTo(name, note);
    await expect(this.assignPopover).toBeHidden();
  }

  /** The same, in the popover that is open; says nothing of how it ends. */
  async assignTo(name, note) {
    await this.page.getByTestId('assign-search').fill(name);
    if (note !== undefined) await this.page.getByTestId('assign-note').fill(note);
    await this.page.getByTestId('assign-choice').filter({ hasText: name }).first().click();
  }

  async show(view) {
    await this.page.getByTestId(`view-${view}`).click();
  }

  /** The row of the conversation whose last message shows this text. */
  row(text) {
    return this.rows.filter({ hasText: text });
  }

  /** Chooses files in the composer: paths, or names with bytes. */
  async chooseFiles(files) {
    await this.page.getByTestId('file-picker').setInputFiles(files);
  }

  async closeConversation() {
    await this.page.getByTestId('close-conversation').click();
  }

  async toggleAway() {
    await this.page.getByTestId('status-toggle').click();
  }

  async askToShare() {
    await this.page.getByTestId('request-cobrowse').click();
  }

  /** The viewer's own page, around the rebuilt one. */
  get viewerPage() {
    return this.view.frameLocator('iframe');
  }

  /** What the viewer says for a moment. */
  get toast() {
    return this.viewerPage.locator('.toast');
  }

  /** Asks the visitor to act on the page, for exactly these scopes. */
  async askToAct(scopes) {
    await this.page.getByTestId('cobrowse-wishes').click();
    for (const scope of ['scroll', 'click', 'type', 'navigate']) {
      await this.page.getByTestId(`wish-${scope}`).setChecked(scopes.includes(scope));
    }
    await this.page.getByTestId('cobrowse-ask-control').click();
  }

  /** Where an element of the rebuilt page is, in the console's window. */
  async placeOnStage(selector) {
    const box = await this.stage.locator(selector).first().boundingBox();
    return box;
  }

  async moveOnStage(selector) {
    const { x, y, width, height } = await this.placeOnStage(selector);
    await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
  }

  async clickOnStage(selector) {
    await this.moveOnStage(selector);
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  /** Chooses from the list that a click on a select has opened. */
  async chooseOnStage(label) {
    await this.viewerPage.locator('.options').selectOption({ label });
    await this.viewerPage.locator('.options').press('Enter');
  }

  /** Draws from one corner of an element to the other. */
  async drawOnStage(selector) {
    const { x, y, width, height } = await this.placeOnStage(selector);
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + width, y + height, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Gives the rebuilt document itself, for what locators cannot tell. */
  async stageFrame() {
    await expect(this.stage.locator('body')).toBeVisible();
    return this.page.frames().find((frame) => frame.url().includes('/viewer/stage/'));
  }
}
