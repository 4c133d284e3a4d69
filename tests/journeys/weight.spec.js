// What the widget costs the page, counted on the wire.
import { expect, test } from '../support/journey.js';
import { page, scriptTag, startPage } from '../support/site.js';

/** Counts requests to Tandem and the bytes of their bodies as they were sent. */
function weigh(visitor, origin) {
  const seen = { requests: [], bytes: 0 };
  visitor.page.on('request', (request) => {
    if (request.url().startsWith(origin)) seen.requests.push(new URL(request.url()).pathname);
  });
  visitor.page.on('requestfinished', async (request) => {
    if (request.url().startsWith(origin)) seen.bytes += (await request.sizes()).responseBodySize;
  });
  return seen;
}

test('a closed widget on a page without rules is one request of at most 4 KB', async ({ tandem, newVisitor, closing }) => {
  const site = await closing(startPage(page(`<h1>Light</h1>${scriptTag(tandem.origin)}`)));
  const visitor = await newVisitor();
  const seen = weigh(visitor, tandem.origin);
  await visitor.visit(site.origin);
  await expect(visitor.launcher).toBeVisible();
  await visitor.page.waitForLoadState('networkidle');
  expect(seen.requests).toEqual(['/w/tp_demo.js']);
  expect(seen.bytes).toBeLessThanOrEqual(4 * 1024);
  expect(await visitor.page.evaluate(() => localStorage.length)).toBe(0);
});

test('an opened chat is at most eight requests and 120 KB', async ({ tandem, newVisitor, closing }) => {
  const site = await closing(startPage(page(`<h1>Light</h1>${scriptTag(tandem.origin)}`)));
  const visitor = await newVisitor();
  const seen = weigh(visitor, tandem.origin);
  await visitor.visit(site.origin);
  await visitor.openChat();
  // The texts come last; a stream of facts may stay open, so the network never becomes idle.
  await expect.poll(() => seen.requests.filter((path) => path.endsWith('.json')).length).toBe(1);
  await expect.poll(() => seen.bytes).toBeGreaterThan(50 * 1024);
  expect(seen.requests.length, seen.requests.join(' ')).toBeLessThanOrEqual(8);
  expect(seen.bytes).toBeLessThanOrEqual(120 * 1024);
});
