// Pages and frames that are made to do harm: nothing of them runs where the agent looks, nothing is asked of anybody
// but pictures, fonts and styles, and what is malformed ends in an error that the next keyframe mends.
import { frameOf, Page } from '../support/hand-made-frames.js';
import { expect, startChat, test } from '../support/journey.js';
import { page as markup, scriptTag, startPage, startSite } from '../support/site.js';
import { startTwinSite, Twin } from '../support/twin-page.js';

const RUN = 'top.hostile = (top.hostile ?? 0) + 1; parent.hostile = 1; window.hostile = 1';
/** What the stage may ask for at all. */
const HARMLESS = ['image', 'font', 'stylesheet'];

/** Pages as somebody would write them who owns the visitor's page. */
const HOSTILE = [
  `<script>${RUN}</script><img src="x:" onerror="${RUN}"><svg onload="${RUN}"><script>${RUN}</script><set attributeName="onmouseover" to="${RUN}"/></svg>`,
  `<a id="click" href="javascript:${RUN}">On</a><svg><a href="javascript:${RUN}"><text id="svgclick" y="20">On</text><animate attributeName="href" to="javascript:${RUN}"/></a></svg>`,
  `<iframe src="javascript:${RUN}"></iframe><iframe srcdoc="<script>${RUN}</script>"></iframe><object data="/beacon"></object><embed src="/beacon">`,
  '<meta http-equiv="refresh" content="0;url=/beacon"><base href="/beacon/" target="_top"><link rel="preload" as="fetch" href="/beacon"><link rel="prefetch" href="/beacon"><link rel="dns-prefetch" href="//x.test">',
  `<form action="/beacon" id="f"><input autofocus onfocus="${RUN}"><button id="press" formaction="javascript:${RUN}">Go</button></form><details open ontoggle="${RUN}"><summary>S</summary></details>`,
  '<video autoplay src="/beacon"></video><audio autoplay src="/beacon"></audio><track src="/beacon"><video><source src="/beacon"></video><input type="image" src="x:" ping="/beacon">',
  `<template shadowrootmode="open"><script>${RUN}</script></template><x-y is="z" style="animation:a"></x-y><style>@import "javascript:${RUN}";p{background:url(javascript:${RUN})}</style>`,
  `<svg><use href="/beacon#a"/><foreignObject><iframe src="javascript:${RUN}"></iframe></foreignObject><image href="javascript:${RUN}"/></svg><math><mi href="javascript:${RUN}" id="m">x</mi></math>`,
  `<button popovertarget="p" id="pop">P</button><div id="p" popover onbeforetoggle="${RUN}">x</div><dialog open onclose="${RUN}">d</dialog><marquee onstart="${RUN}">m</marquee>`,
];

test('nothing of a hostile page runs in the copy, and nothing but pictures, fonts and styles is asked for', async ({ page, tandem, closing }) => {
  test.setTimeout(120_000);
  for (const html of HOSTILE) {
    const site = await closing(startTwinSite(markup(`<p>Read</p>${html}`), { '/beacon': { body: 'beacon' } }));
    // The visitor's page runs what it likes; only the copy is watched.
    await page.goto(site.origin, { waitUntil: 'commit' });
    // Some lead away before they are read.
    await page.waitForSelector('p', { timeout: 5_000 }).catch(() => {});
    if (new URL(page.url()).pathname !== '/') continue;
    const twin = await Twin.open(page, tandem.origin);
    const asked = watch(twin.copy);
    await twin.follow();
    await poke(twin.copy);
    expect(await twin.onStage((top) => top.body.textContent)).toContain('Read');
    expect(await ranIn(twin.copy), html).toBe(false);
    expect(asked(), html).toEqual([]);
    await twin.copy.close();
  }
});

/** Pages as nobody's reader tells them. */
const HAND_MADE = {
  scripts: [['script', {}, RUN], ['svg:script', {}, RUN], ['SCRIPT', {}, RUN], ['other:script', {}, RUN], ['svg:x:script', {}, RUN], ['script ', {}, RUN]],
  handlers: [['img', { src: 'x:', onerror: RUN, ONERROR: RUN, 'on error': RUN }], ['svg:svg', { onload: RUN, onLoad: RUN }, ['svg:animate', { onbegin: RUN, attributeName: 'x', dur: '1s' }]], ['body', { onload: RUN }]],
  frames: [['iframe', { src: `javascript:${RUN}`, srcdoc: `<script>${RUN}</script>`, id: 'inner' }, { frame: [['html', {}, ['body', { onload: RUN }, ['script', {}, RUN]]]] }], ['frameset', {}, ['frame', { src: '/beacon' }]], ['portal', { src: '/beacon' }], ['fencedframe', { src: '/beacon' }]],
  addresses: [['a', { href: ' java\nscript:' + RUN, id: 'click' }, 'On'], ['svg:a', { 'xlink:href': `javascript:${RUN}` }, ['svg:text', { id: 'svgclick', y: '20' }, 'On']], ['a', { href: 'data:text/html,<script>1</script>', target: '_top', ping: '/beacon' }, 'D'], ['area', { href: `vbscript:${RUN}` }]],
  heads: [['base', { href: '/beacon/' }], ['meta', { 'http-equiv': 'refresh', content: '0;url=/beacon' }], ['META', { 'HTTP-EQUIV': 'refresh', CONTENT: '0;url=/beacon' }], ['link', { rel: 'preload', as: 'script', href: '/beacon' }], ['link', { rel: 'stylesheet preload', href: '/beacon' }], ['link', { rel: 'manifest', href: '/beacon' }]],
  plugins: [['object', { data: '/beacon', type: 'text/html' }], ['embed', { src: '/beacon' }], ['applet', { code: 'x' }], ['video', { src: '/beacon', autoplay: '' }, ['source', { src: '/beacon' }], ['track', { src: '/beacon', default: '' }]]],
  forms: [['form', { action: '/beacon', id: 'f' }, ['input', { autofocus: '', onfocus: RUN }], ['button', { formaction: `javascript:${RUN}`, id: 'press' }, 'Go']]],
  shadows: [['div', {}, { shadow: [['script', {}, RUN], ['img', { src: 'x:', onerror: RUN }]] }, { shadow: ['twice'] }], ['p', {}, { frame: ['a frame document where none can be'] }]],
  animations: [['svg:svg', {}, ['svg:a', {}, ['svg:set', { attributeName: 'href', to: `javascript:${RUN}` }], ['svg:animate', { attributeName: 'xlink:href', values: `javascript:${RUN}` }], ['svg:text', { id: 'svgclick', y: '20' }, 'On']], ['svg:use', { href: '/beacon#x' }], ['svg:handler', { type: 'text/javascript' }, RUN]]],
  odd: [['', {}, 'no name'], ['a b', { '': 'x', 'a b': 'y', '<': 'z' }, 'odd name'], ['canvas', { id: 'picture', width: '1e9', height: '-4' }], ['template', { shadowrootmode: 'open' }, ['script', {}, RUN]], ['noscript', {}, ['img', { src: 'x:', onerror: RUN }]]],
};

test('nothing that is written by hand into frames runs or reaches anybody', async ({ page, tandem, closing }) => {
  test.setTimeout(120_000);
  const site = await closing(startTwinSite(markup('<p>Empty</p>'), { '/beacon': { body: 'beacon' } }));
  await page.goto(site.origin);
  const twin = await Twin.open(page, tandem.origin);
  const asked = watch(twin.copy);
  for (const [name, nodes] of Object.entries(HAND_MADE)) {
    const body = [{ doctype: 'html' }, ['html', {}, ['head'], ['body', {}, ['style', { id: 'rules' }, 'p{color:red}'], ['p', { id: 'mark' }, name], ...nodes]]];
    const made = new Page(body)
      .owned('rules', `@import "javascript:${RUN}";@import url(data:text/css,p{});p{background:url("javascript:${RUN}"),url(blob:x)}`)
      .adopted('p{background:image-set("/beacon-picture" 1x);list-style:url(\\6a avascript:1)}')
      .frame();
    await apply(twin.copy, made);
    await poke(twin.copy);
    expect(await twin.onStage((top) => top.querySelector('#mark').textContent), name).toBe(name);
    expect(await ranIn(twin.copy), name).toBe(false);
    expect(asked(), name).toEqual([]);
  }
});

test('elements with the names of properties do not stand in the viewer’s way', async ({ page, tandem, closing }) => {
  test.setTimeout(120_000);
  const site = await closing(startTwinSite(markup('<p>Empty</p>')));
  await page.goto(site.origin);
  const names = await page.evaluate(() => {
    const all = new Set();
    for (const start of [document, document.createElement('form')]) {
      for (let at = start; at; at = Object.getPrototypeOf(at)) for (const name of Object.getOwnPropertyNames(at)) all.add(name);
    }
    return [...all];
  });
  expect(names.length).toBeGreaterThan(300);
  await page.evaluate((names) => {
    const make = Document.prototype.createElement.bind(document);
    window.addedForms = [];
    const { body } = document;
    for (const name of names) {
      const form = make('form');
      const image = make('img');
      window.addedForms.push(form);
      const fields = ['input', 'button'].map((tag) => Object.assign(make(tag), { id: name }));
      image.setAttribute('name', name);
      body.append(image, form);
      for (const field of fields) Node.prototype.appendChild.call(form, field);
    }
  }, names);
  const twin = await Twin.open(page, tandem.origin);
  await page.evaluate(() => {
    const { appendChild, insertBefore, removeChild } = Node.prototype;
    const make = Document.prototype.createElement.bind(document);
    const [first] = window.addedForms;
    for (const form of window.addedForms) {
      appendChild.call(form, make('b'));
      Element.prototype.setAttribute.call(form, 'title', 'changed');
      removeChild.call(form, Element.prototype.querySelector.call(form, 'input'));
    }
    const parent = Object.getOwnPropertyDescriptor(Node.prototype, 'parentNode').get.call(first);
    insertBefore.call(parent, window.addedForms.at(-1), first);
    window.recorder.keyframe();
  });
  await twin.follow();
  const count = (top) => ['form', 'form > b', 'form[title=changed]', 'form > button'].map((found) => Document.prototype.querySelectorAll.call(top, found).length);
  expect(await twin.onStage(count)).toEqual(Array(4).fill(names.length));
  await twin.copy.evaluate(() => window.viewer.stop());
  expect(await twin.copy.evaluate(() => Node.prototype.hasChildNodes.call(document.querySelector('iframe').contentDocument))).toBe(false);
});

for (const data of ['data:text/html;base64,AAAA', 'data:image/png;base64,A") url("http://x.test', 'http://x.test/a.png', 'data:image/svg+xml;base64,AAAA']) {
  test(`a picture that is none is refused (${data})`, async ({ page, tandem, closing }) => {
    const site = await closing(startTwinSite(markup('<p>Empty</p>')));
    await page.goto(site.origin);
    const twin = await Twin.open(page, tandem.origin);
    const made = new Page([['html', {}, ['body', {}, ['canvas', { id: 'c' }]]]]).picture('c', data).frame();
    expect(await apply(twin.copy, made)).toMatch(/larger than allowed|malformed/);
    await twin.live.evaluate(() => window.recorder.keyframe());
    const { live, stage } = await twin.trees();
    expect(stage).toBe(live);
  });
}

test('garbled frames end in errors, never in a broken viewer', async ({ page, tandem, closing }) => {
  test.setTimeout(120_000);
  const site = await closing(startTwinSite(markup(`<h1>A page</h1>${'<p class="x">Some <b>words</b></p>'.repeat(30)}<style>p:hover{color:red}</style><canvas></canvas>`)));
  await page.goto(site.origin);
  const twin = await Twin.open(page, tandem.origin);
  for (let seed = 1; seed <= 300; seed++) {
    await page.evaluate((seed) => {
      document.querySelector('h1').textContent = `Round ${seed}`;
      document.querySelectorAll('p')[seed % 30].setAttribute('title', String(seed));
      if (seed % 10 === 0) window.recorder.keyframe();
    }, seed);
    if (seed % 10) continue;
    await twin.live.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 10))));
    const outcome = await twin.copy.evaluate(garble, { seed, frames: await twin.frames() });
    expect(outcome, `seed ${seed}`).not.toContain('RuntimeError');
  }
  for (const frame of [[], [1], frameOf(2, 7, [1, 2, 3]), frameOf(200, 0, []), frameOf(3, 4, Array(5_000).fill(255)), frameOf(5, 0, [1])]) {
    expect(await apply(twin.copy, frame)).not.toContain('RuntimeError');
  }
  await twin.live.evaluate(() => window.recorder.keyframe());
  const { live, stage } = await twin.trees();
  expect(stage).toBe(live);
});

/** Applies every frame garbled in several ways; gives what was thrown. It runs inside the page of the copy. */
function garble({ seed, frames }) {
  let state = seed;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % below;
  };
  const thrown = new Set();
  for (const frame of frames) {
    for (let round = 0; round < 10; round++) {
      const bytes = Uint8Array.from(atob(frame), (c) => c.charCodeAt(0));
      for (let change = random(4); change >= 0; change--) bytes[random(bytes.length)] = random(256);
      try {
        window.viewer.apply(random(4) ? bytes : bytes.subarray(0, random(bytes.length)));
      } catch (error) {
        thrown.add(`${error.name}: ${error.message}`);
      }
    }
  }
  return [...thrown].join('\n');
}

test('the agent’s browser asks nobody but Tandem for anything of a hostile page that is shared', async ({ newVisitor, newAgent, tandem, closing }) => {
  const beacon = await closing(startSite(() => ({ headers: { 'access-control-allow-origin': '*' }, body: 'beacon' })));
  const html = markup(`<h1>Hostile</h1>${HOSTILE.filter((one) => !/http-equiv/.test(one)).join('')}<img src="${beacon.origin}/picture">
    <style>@import "${beacon.origin}/import";h1{background:url(${beacon.origin}/background)}</style>${scriptTag(tandem.origin)}`);
  const site = await closing(startPage(html));
  const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Have a look', site.origin);
  const asked = [];
  agent.page.context().on('request', (request) => {
    if (new URL(request.url()).origin !== tandem.origin && !/^(data|blob|about):/.test(request.url())) asked.push(request.url());
  });
  const popups = [];
  agent.page.context().on('page', (opened) => popups.push(opened.url()));
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('h1')).toHaveText('Hostile');
  await agent.page.waitForTimeout(1_000);
  expect(await agent.page.evaluate(() => Boolean(window.hostile))).toBe(false);
  expect(popups).toEqual([]);
  expect(asked.filter((url) => !/\/(picture|import|background)$/.test(url))).toEqual([]);
});

/** Watches what a page asks for, beside what is harmless; gives what it has been so far. */
function watch(copy) {
  const asked = [];
  copy.on('request', (request) => {
    if (!HARMLESS.includes(request.resourceType()) || /javascript:/.test(request.url())) asked.push(`${request.resourceType()} ${request.url()}`);
  });
  copy.on('dialog', (dialog) => asked.push(`dialog ${dialog.message()}`));
  copy.context().on('page', (opened) => asked.push(`page ${opened.url()}`));
  return () => asked;
}

/** Clicks and presses what a hostile page would like to be clicked and pressed, as an agent's own hand would. */
async function poke(copy) {
  await copy.bringToFront();
  const places = await copy.evaluate(() => {
    const top = document.querySelector('iframe').contentDocument;
    const boxes = ['click', 'svgclick', 'press', 'pop', 'm'].map((name) => top.getElementById(name)?.getBoundingClientRect());
    return boxes.filter((box) => box?.width).map((box) => [box.left + box.width / 2, box.top + box.height / 2]);
  });
  for (const [x, y] of places) await copy.mouse.click(x, y);
  for (const key of ['Tab', 'Enter', 'Tab', 'Enter']) await copy.keyboard.press(key);
  await copy.waitForTimeout(150);
}

/** Whether anything has run that stands in a hostile page. */
async function ranIn(copy) {
  const all = await Promise.all(copy.frames().map((frame) => frame.evaluate(() => Boolean(window.hostile)).catch(() => false)));
  return all.some(Boolean);
}

/** Applies a frame; gives what was thrown, or nothing. */
function apply(copy, frame) {
  return copy.evaluate((frame) => {
    try {
      window.viewer.apply(Uint8Array.from(frame));
      return '';
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  }, frame);
}
