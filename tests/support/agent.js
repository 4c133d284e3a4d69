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

  async handOverTo(name) {
    await this.page.getByTestId('transfer').selectOption({ label: name });
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

  /** Gives the rebuilt document itself, for what locators cannot tell. */
  async stageFrame() {
    await expect(this.stage.locator('body')).toBeVisible();
    return this.page.frames().find((frame) => frame.url().includes('/viewer/stage/'));
  }
}
