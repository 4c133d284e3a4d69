// What the README says about a site's content security policy is all that is needed.
import { expect, test } from '../support/journey.js';
import { page, startPage } from '../support/site.js';

test('chat and sharing work under a strict policy with Trusted Types and break none of it', async ({ tandem, newVisitor, newAgent, closing }) => {
  const policy = [
    "default-src 'none'",
    "script-src 'nonce-abc123' 'strict-dynamic'",
    "style-src 'self'",
    "connect-src 'self'",
    `frame-src ${tandem.origin}`,
    "require-trusted-types-for 'script'",
    "base-uri 'none'",
  ].join('; ');
  const tag = `<script async nonce="abc123" src="${tandem.origin}/w/tp_demo.js"></script>`;
  const site = await closing(startPage(page(`<h1>Strict</h1>${tag}`), { 'content-security-policy': policy }));
  const visitor = await newVisitor();
  await visitor.page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
  });
  await visitor.visit(site.origin);
  await visitor.openChat();
  await visitor.say('Strict, are we?');
  const agent = await newAgent('ana');
  await agent.openConversation('Strict, are we?');
  await agent.say('Very');
  await expect(visitor.message('Very')).toBeVisible();
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('h1')).toHaveText('Strict');
  expect(await visitor.page.evaluate(() => window.violations)).toEqual([]);
  expect(visitor.exceptions).toEqual([]);
});
