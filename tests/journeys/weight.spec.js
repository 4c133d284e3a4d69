// What the widget costs the page, counted on the wire.
import { expect, test } from '../support/journey.js';
import { page, scriptTag, startPage } from '../support/site.js';

/** Counts requests to Tandem and the bytes of their bodies as the server says it sends them, compressed. */
function weigh(visitor, origin) {
  const seen = { requests: [], bytes: 0, unsized: [] };
  visitor.page.on('request', (request) => {
    if (request.url().startsWith(origin)) seen.requests.push(new URL(request.url()).pathname);
  });
  visitor.page.on('response', async (response) => {
    if (!response.url().startsWith(origin)) return;
    const length = await response.headerValue('content-length');
    if (length === null) seen.unsized.push(new URL(response.url()).pathname);
    else seen.bytes += Number(length);
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
  expect(seen.unsized.filter((path) => !path.endsWith('/stream'))).toEqual([]);
  expect(seen.bytes).toBeLessThanOrEqual(120 * 1024);
});
