// What every journey begins with: a server of its own, visitors and agents each in a browser context of their own.
import { test as base, expect } from '@playwright/test';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Agent } from './agent.js';
import { TandemServer } from './server.js';
import { Visitor } from './visitor.js';

export { expect };

/** Where pictures of a run are kept; not part of the source tree. */
export const ARTEFACTS = fileURLToPath(new URL('../artefacts/', import.meta.url));

export const test = base.extend({
  tandem: async ({}, use) => {
    const server = await TandemServer.prepare();
    await server.start();
    await use(server);
    await server.dispose();
  },

  /** Makes visitors; `options` are those of a browser context. */
  newVisitor: async ({ browser, tandem }, use) => {
    const contexts = [];
    await use(async (options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return new Visitor(await context.newPage(), tandem);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  /** Signs agents in, by name. */
  newAgent: async ({ browser, tandem }, use) => {
    const contexts = [];
    await use(async (name = 'ana', options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return new Agent(await context.newPage(), tandem).signIn(name);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  /** Keeps sites and other things that have to be closed after the test. */
  closing: async ({}, use) => {
    const open = [];
    await use(async (promise) => {
      const it = await promise;
      open.push(it);
      return it;
    });
    for (const it of open.reverse()) await it.close();
  },
});

/** A visitor who has written `text` and an agent who has the conversation open. */
export async function startChat({ newVisitor, newAgent }, text = 'Hello, is anybody there?', address = '/demo/') {
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  await visitor.visit(address);
  await visitor.openChat();
  await visitor.say(text);
  await agent.openConversation(text);
  return { visitor, agent };
}

/** The same, and the visitor's page is shared: the agent sees it. */
export async function startSharing(fixtures, address = '/demo/') {
  const chat = await startChat(fixtures, 'Can you have a look at this page?', address);
  await chat.agent.askToShare();
  await chat.visitor.allowSharing();
  await expect(chat.agent.view).toBeVisible();
  await expect(chat.agent.stage.locator('body')).toBeVisible();
  return chat;
}

/** Stores a picture of a page under a name. */
export async function picture(page, name, options = {}) {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTEFACTS}${name}.png`, animations: 'disabled', ...options });
}
