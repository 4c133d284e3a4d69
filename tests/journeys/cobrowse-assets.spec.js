// Images, fonts and style sheets that a shared page names: the agent sees them, nobody learns who looks, and what a
// page could make the server ask for stays unasked.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docsFolder } from '../support/docs-site.js';
import { expect, startSharing, test } from '../support/journey.js';
import { page as markup, scriptTag, startSite } from '../support/site.js';

/** A picture of one pixel. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const png = { headers: { 'content-type': 'image/png' }, body: PIXEL };
const css = (body) => ({ headers: { 'content-type': 'text/css' }, body });

/** A font: one that comes with the toolchain's documentation. */
async function font() {
  const folder = join(docsFolder(), 'static.files');
  const name = (await readdir(folder)).find((file) => file.endsWith('.woff2'));
  return { headers: { 'content-type': 'font/woff2' }, body: await readFile(join(folder, name)) };
}

/** A site that keeps what it was asked. */
async function startKeeping(files) {
  const asked = [];
  const site = await startSite((path, request) => {
    asked.push({ path, headers: request.headers });
    return typeof files[path] === 'function' ? files[path](request) : files[path];
  });
  return Object.assign(site, { asked });
}

const hostOf = (site) => new URL(site.origin).host;

/** Starts the server anew, so that it may ask these sites although they are on this machine, and fetches files itself. */
async function fetchFrom(tandem, ...sites) {
  await tandem.stop();
  await tandem.start(['--demo', ...sites.flatMap((site) => ['--asset-allow', hostOf(site)])]);
  const touchpoint = await tandem.api('touchpoints/tp_demo');
  touchpoint.cobrowse.assets = 'server';
  await tandem.api('touchpoints/tp_demo', { method: 'PUT', body: JSON.stringify(touchpoint) });
}

/** Shares a page; keeps who has answered the agent's browser. */
async function share({ newVisitor, newAgent }, address) {
  const hosts = new Set();
  const agents = async (...who) => {
    const agent = await newAgent(...who);
    // What the policy of the stage forbids is no request that anybody hears of.
    agent.page.on('response', (response) => response.url().startsWith('http') && hosts.add(new URL(response.url()).host));
    return agent;
  };
  const chat = await startSharing({ newVisitor, newAgent: agents }, address);
  return { ...chat, hosts, stage: await chat.agent.stageFrame() };
}

const widthOf = (stage, selector) => stage.evaluate((selector) => getComputedStyle(document.querySelector(selector)).width, selector);

test('style sheets without CORS, imports, fonts and pictures come by way of the server', async ({ newVisitor, newAgent, tandem, closing }) => {
  test.setTimeout(120_000);
  const far = await closing(startKeeping({
    '/css/far.css': css('@import "deep/inner.css" layer(base);#far{width:321px;background:url(../dot.png)}#deep{height:7px}'),
    '/css/deep/inner.css': css('#deep{width:123px;height:9px}'),
    '/css/plain.css': css('#plain{width:77px}'),
    '/dot.png': png,
    '/picture.png': png,
  }));
  const site = await closing(startKeeping({
    '/': { body: markup(`<link rel="stylesheet" href="${far.origin}/css/far.css"><link rel="stylesheet" href="/own.css">
      <style>@import "sub/styled.css";#styled{height:3px}</style>
      <h1>Assets</h1><p id="far">far</p><p id="deep">deep</p><p id="plain">plain</p><p id="nested">nested</p><p id="print">print</p><p id="styled">styled</p>
      <img id="picture" src="${far.origin}/picture.png" alt="">${scriptTag(tandem.origin)}`) },
    '/own.css': css(`@import "${far.origin}/css/plain.css";@import "sub/nested.css" layer(x) screen;@import "sub/print.css" print;#nested{height:5px}#print{width:66px}`),
    '/sub/nested.css': css('@font-face{font-family:Own;src:url(own.woff2)}@font-face{font-family:Unused;src:url(none.woff2)}#nested{width:222px;height:9px;font-family:Own}'),
    '/sub/print.css': css('#print{width:99px !important}'),
    '/sub/styled.css': css('#styled{width:55px;height:9px}'),
    '/sub/own.woff2': await font(),
  }));
  await fetchFrom(tandem, far, site);
  const { stage, hosts } = await share({ newVisitor, newAgent }, site.origin);
  await expect.poll(() => widthOf(stage, '#far')).toBe('321px');
  await expect.poll(() => widthOf(stage, '#deep')).toBe('123px');
  await expect.poll(() => widthOf(stage, '#plain')).toBe('77px');
  await expect.poll(() => widthOf(stage, '#nested')).toBe('222px');
  await expect.poll(() => widthOf(stage, '#styled')).toBe('55px');
  expect(await widthOf(stage, '#print')).toBe('66px');
  // What is in a layer gives way to what is in none.
  const heights = await stage.evaluate(() => ['#deep', '#nested', '#styled'].map((found) => getComputedStyle(document.querySelector(found)).height));
  expect(heights).toEqual(['7px', '5px', '3px']);
  await expect.poll(() => stage.evaluate(() => document.querySelector('#picture').naturalWidth)).toBe(1);
  await expect.poll(() => stage.evaluate(() => [...document.fonts].map((font) => `${font.family} ${font.status}`).sort())).toEqual(['Own loaded', 'Unused unloaded']);
  // The agent's browser has been answered by nobody but us.
  expect([...hosts]).toEqual([new URL(tandem.origin).host]);
  const byServer = far.asked.filter(({ headers }) => headers['user-agent'] === 'Tandem');
  expect(new Set(byServer.map(({ path }) => path))).toEqual(new Set(['/css/far.css', '/css/deep/inner.css', '/css/plain.css', '/dot.png', '/picture.png']));
  for (const { headers } of byServer) expect(Object.keys(headers).filter((name) => /cookie|referer|origin|authorization/.test(name))).toEqual([]);
});

test('addresses that lead where they must not are asked by nobody, and the view goes on', async ({ newVisitor, newAgent, tandem, closing }) => {
  test.setTimeout(120_000);
  const inner = await closing(startKeeping({ '/secret.png': png, '/secret.css': css('#end{width:1px}') }));
  const far = await closing(startKeeping({
    '/inside.png': { status: 302, headers: { location: `${inner.origin}/secret.png` } },
    '/round.png': { status: 302, headers: { location: '/round.png' } },
    '/large.png': { headers: { 'content-type': 'image/png' }, body: Buffer.alloc(7 * 1024 * 1024) },
    '/slow.png': () => new Promise(() => {}),
    '/page.png': { body: '<script>top.hostile = 1</script>' },
    '/drawing.svg': { headers: { 'content-type': 'image/svg+xml' }, body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="top.hostile=1"><script>top.hostile=1</script><image href="/beacon"/></svg>' },
    '/hostile.css': css(`@import "${inner.origin}/secret.css";@import "javascript:top.hostile=1";#end{background:url(${inner.origin}/secret.png);width:44px}`),
  }));
  const addresses = [
    'http://169.254.169.254/latest/meta-data', `http://[::1]:${new URL(inner.origin).port}/secret.png`, `${inner.origin}/secret.png`,
    inner.origin.replace('127.0.0.1', 'localhost') + '/secret.png', inner.origin.replace('127.0.0.1', '2130706433') + '/secret.png',
    ...['inside', 'round', 'large', 'slow', 'page'].map((name) => `${far.origin}/${name}.png`), `${far.origin}/drawing.svg`,
  ];
  // The visitor's own browser may ask where it likes: only what our server asks is looked at.
  const site = await closing(startKeeping({
    '/': { body: markup(`<link rel="stylesheet" href="${far.origin}/hostile.css"><h1>Hostile</h1><p id="end">End</p>
      ${addresses.map((address) => `<img src="${address}" alt="">`).join('')}${scriptTag(tandem.origin)}`) },
  }));
  await fetchFrom(tandem, far, site);
  const visitors = async () => {
    const visitor = await newVisitor();
    // The page's load waits for none of these.
    await visitor.page.route((url) => addresses.includes(url.href), (route) => route.abort());
    return visitor;
  };
  const { visitor, stage, hosts } = await share({ newVisitor: visitors, newAgent }, site.origin);
  await expect.poll(() => widthOf(stage, '#end')).toBe('44px');
  await expect.poll(() => stage.evaluate(() => document.querySelector('img[src*="drawing.svg"]').naturalWidth)).toBe(9);
  await expect.poll(() => stage.evaluate(() => [...document.images].every((image) => image.complete)), { timeout: 30_000 }).toBe(true);
  const shown = await stage.evaluate(() => [...document.images].filter((image) => image.naturalWidth > 0).length);
  expect(shown).toBe(1);
  await visitor.page.evaluate(() => { document.querySelector('h1').textContent = 'Still here'; });
  await expect.poll(() => stage.evaluate(() => document.querySelector('h1').textContent)).toBe('Still here');
  expect(await stage.evaluate(() => [top.hostile, parent.hostile, window.hostile])).toEqual([undefined, undefined, undefined]);
  expect(inner.asked.filter(({ headers }) => headers['user-agent'] === 'Tandem')).toEqual([]);
  expect(far.asked.some(({ path }) => path === '/beacon')).toBe(false);
  expect([...hosts]).toEqual([new URL(tandem.origin).host]);
});

test('where nothing may be loaded, nothing is asked of anybody', async ({ newVisitor, newAgent, tandem, closing }) => {
  const far = await closing(startKeeping({ '/picture.png': png, '/far.css': css('#far{width:321px}') }));
  const site = await closing(startKeeping({
    '/': { body: markup(`<link rel="stylesheet" href="${far.origin}/far.css"><link rel="stylesheet" href="/own.css"><h1>Assets</h1><p id="far">far</p><p id="own">own</p>
      <img src="${far.origin}/picture.png" alt="">${scriptTag(tandem.origin)}`) },
    '/own.css': css('@import "sub.css";#own{height:5px}'),
    '/sub.css': css('#own{width:66px}'),
  }));
  await fetchFrom(tandem, far, site);
  const touchpoint = await tandem.api('touchpoints/tp_demo');
  touchpoint.cobrowse.assets = 'none';
  await tandem.api('touchpoints/tp_demo', { method: 'PUT', body: JSON.stringify(touchpoint) });
  const { stage, hosts } = await share({ newVisitor, newAgent }, site.origin);
  // What the page can read itself is shown all the same.
  await expect.poll(() => widthOf(stage, '#own')).toBe('66px');
  expect(await widthOf(stage, '#far')).not.toBe('321px');
  expect(await stage.evaluate(() => document.images[0].naturalWidth)).toBe(0);
  expect(far.asked.some(({ headers }) => headers['user-agent'] === 'Tandem')).toBe(false);
  expect([...hosts]).toEqual([new URL(tandem.origin).host]);
});

test('an image behind a log-in comes from the page itself, and what is masked stays there', async ({ newVisitor, newAgent, tandem, closing }) => {
  test.setTimeout(120_000);
  const onlyFor = (file) => (request) => (request.headers.cookie?.includes('login=yes') ? file : { status: 403, body: 'no' });
  const site = await closing(startKeeping({
    '/': { headers: { 'set-cookie': 'login=yes' }, body: markup(`<style>#masked i{background:url(/secret-back.png)}</style>
      <h1>Assets</h1><img id="picture" src="/picture.png" alt="">
      <div data-tandem-mask id="masked"><i>x</i><img id="secret" src="/secret.png" alt=""></div>
      ${scriptTag(tandem.origin)}`) },
    ...Object.fromEntries(['picture', 'secret', 'secret-back'].map((name) => [`/${name}.png`, onlyFor(png)])),
  }));
  await fetchFrom(tandem, site);
  const { visitor, agent, stage } = await share({ newVisitor, newAgent }, site.origin);
  const background = (selector) => stage.evaluate((selector) => getComputedStyle(document.querySelector(selector)).backgroundImage, selector);
  await expect.poll(() => stage.evaluate(() => getComputedStyle(document.querySelector('#picture')).content)).toMatch(/image-set\(url\("data:image\/webp/);
  expect(await background('#masked i')).not.toContain('data:');
  expect(await stage.evaluate(() => document.querySelector('#secret').getAttribute('src'))).toBeNull();
  expect(await stage.evaluate(() => getComputedStyle(document.querySelector('#secret')).content)).not.toContain('data:');
  // Another image takes the place of the one that was photographed.
  await visitor.page.evaluate(() => { document.querySelector('#picture').src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='; });
  await expect.poll(() => stage.evaluate(() => getComputedStyle(document.querySelector('#picture')).content)).not.toContain('data:');
  expect(agent.exceptions).toEqual([]);
});
