// Somebody on a page with the widget, in words of what they do and see.
import { expect } from '@playwright/test';

export class Visitor {
  constructor(page, tandem) {
    this.page = page;
    this.tandem = tandem;
    this.launcher = page.getByTestId('launcher');
    this.badge = page.getByTestId('unread-badge');
    this.frameElement = page.getByTestId('frame');
    this.frame = page.frameLocator('iframe[data-testid="frame"]');
    this.panel = this.frame.getByTestId('panel');
    this.log = this.frame.getByTestId('log');
    this.composer = this.frame.getByTestId('composer');
    this.send = this.frame.getByTestId('send');
    /** Files that are chosen and not sent yet. */
    this.chips = this.frame.getByTestId('chip');
    this.survey = this.frame.getByTestId('survey');
    this.consent = this.frame.getByTestId('cobrowse-consent');
    this.controlConsent = this.frame.getByTestId('control-consent');
    this.banner = this.frame.getByTestId('cobrowse-banner');
    /** What the page wrote to the browser's console, and what it threw. */
    this.lines = [];
    this.exceptions = [];
    /** The chat's sockets that were ever opened by this page. */
    this.sockets = [];
    page.on('websocket', (socket) => {
      if (socket.url().endsWith('/client/v1/socket')) this.sockets.push(socket);
    });
    page.on('console', (line) => this.lines.push({ type: line.type(), text: line.text() }));
    page.on('pageerror', (error) => this.exceptions.push(error.stack ?? error.message));
  }

  /** Goes to a page of the demo shop or to a whole address. */
  async visit(address = '/demo/') {
    await this.page.goto(new URL(address, this.tandem.origin).href);
    return this;
  }

  async openChat() {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
    await expect(this.composer).toBeEditable();
  }

  /** Shows the chat on a page the visitor has just come to, whether it was open there or not. */
  async showChat() {
    await this.page.waitForFunction(() => window.Tandem);
    await this.page.evaluate(() => window.Tandem.open());
    await expect(this.panel).toBeVisible();
  }

  /** Closes the panel as a keyboard user would. */
  async closeChat() {
    await this.frame.getByTestId('close-chat').click();
    await expect(this.panel).toBeHidden();
  }

  async say(text) {
    await this.composer.fill(text);
    await this.frame.getByTestId('send').click();
    await expect(this.message(text)).toBeVisible();
  }

  /** Chooses files, each `{ name, mimeType, buffer }`, in the browser's picker. */
  async choose(...files) {
    await this.frame.getByTestId('attach').setInputFiles(files);
  }

  /** The conversation that is shown, as storage knows it. */
  async conversationId() {
    return this.page.evaluate(() => JSON.parse(localStorage['tandem.tp_demo.session']).conversation_id);
  }

  /**
   * Makes everything on the page stand still without telling it, as a laptop does whose lid is shut. Gives what lets it
   * go on.
   */
  async standStill() {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Debugger.enable');
    const still = new Promise((paused) => { session.once('Debugger.paused', paused); });
    await session.send('Debugger.pause');
    // It stops at the next thing it does.
    this.page.evaluate(() => undefined).catch(() => {});
    await still;
    return async () => {
      await session.send('Debugger.resume');
      await session.detach();
    };
  }

  /** Tells the chat what a browser tells a page that it freezes, or lets go on: `freeze` or `resume`. */
  async announce(type) {
    const frame = this.page.frames().find((it) => it.url().includes('/w/frame/'));
    await frame.evaluate((name) => { document.dispatchEvent(new Event(name)); }, type);
  }

  /** Opens another page in another tab of the same browser. */
  async newTab(address) {
    const other = new Visitor(await this.page.context().newPage(), this.tandem);
    await other.visit(address);
    return other;
  }

  /** The message with this text, whoever wrote it. */
  message(text) {
    return this.log.getByTestId('message').filter({ hasText: text });
  }

  /** The delivery state under one of the visitor's own messages. */
  stateOf(text) {
    return this.message(text).getByTestId('message-state');
  }

  /** The texts' authors and numbers as they stand in the log, in order. */
  async transcript() {
    return this.log.getByTestId('message').evaluateAll((messages) =>
      messages.map((message) => ({ author: message.dataset.author, seq: Number(message.dataset.seq) })));
  }

  /** What was thrown by scripts of ours; a page may well throw on its own account. */
  get ownExceptions() {
    return this.exceptions.filter((stack) => stack.includes(this.tandem.origin));
  }

  /** Lets the agent do everything they ask for. */
  async allowActing() {
    await expect(this.controlConsent).toBeVisible();
    await this.frame.getByTestId('control-allow').click();
    await expect(this.frame.getByTestId('control-state')).toBeVisible();
  }

  /** Takes the hands off the page for as long as an agent waits. */
  async rest() {
    await this.page.waitForTimeout(1_700);
  }

  /** What the agent shows on the page, in its closed shadow root: where the mark is, or the way of the newest line. */
  async shown(what) {
    const session = await this.page.context().newCDPSession(this.page);
    const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
    const nodes = [];
    const walk = (node) => {
      nodes.push(node);
      for (const part of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) walk(part);
    };
    walk(root);
    const attribute = (node, name) => node.attributes?.[node.attributes.indexOf(name) + 1];
    let answer;
    if (what === 'line') {
      const lines = nodes.filter((node) => node.localName === 'path' && node.attributes?.includes('d'));
      answer = lines.length ? attribute(lines.at(-1), 'd') : undefined;
    } else {
      const mark = nodes.find((node) => attribute(node, 'class') === 'mark' && node.attributes?.includes('class'));
      const box = mark && (await session.send('DOM.getBoxModel', { nodeId: mark.nodeId }).catch(() => undefined));
      answer = box && { left: box.model.border[0], top: box.model.border[1] };
    }
    await session.detach();
    return answer;
  }

  /** Opens the menu of the chat and chooses an entry: `offer` or `code`. */
  async chooseInMenu(entry) {
    await this.frame.getByTestId('menu').click();
    await this.frame.getByTestId(`menu-${entry}`).click();
  }

  async allowSharing() {
    await expect(this.consent).toBeVisible();
    await this.frame.getByTestId('cobrowse-allow').click();
    await expect(this.banner).toBeVisible();
  }
}
