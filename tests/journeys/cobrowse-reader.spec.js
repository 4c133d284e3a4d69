// What the reader makes of pages that copy secrets about, that are odd, or that change what only the browser knows.
import { contentOf } from '../support/frames.js';
import { expect, test } from '../support/journey.js';
import { bothTrees, openMirror, recordedFrames, startMirror } from '../support/sdk-page.js';
import { page as markup, startPage } from '../support/site.js';

const WAIT_MS = 400;

/** Opens a page with the markup as its body and records it. */
async function record({ page, tandem, closing }, html, selectors = {}) {
  const site = await closing(startPage(html.startsWith('<!doctype') ? html : markup(html, 'Public title')));
  await page.goto(site.origin);
  await openMirror(page, tandem.origin, selectors);
  await startMirror(page);
}

/** Gives all that has left the page by now, as text. */
async function sent(page) {
  await page.waitForTimeout(WAIT_MS);
  return contentOf(await recordedFrames(page)).toString('latin1');
}

const canaries = (content) => [...content.matchAll(/canary-?\d+/g)].map(([canary]) => canary);

test('no attribute of a field tells its value, nor does a secret select inside an unmasked part', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, `
    <input type="password" data-value="canary-01" aria-valuetext="canary-02" title="canary-03" placeholder="canary-04">
    <input type="hidden" data-value="canary-05"><input autocomplete="cc-number" title="canary-06">
    <input data-value="canary-07" aria-valuetext="canary-08" title="canary-09"><textarea data-copy="canary-10"></textarea>
    <div data-tandem-unmask><p>Shown</p><input type="password" title="canary-11" value="canary-12">
      <select autocomplete="cc-exp-month"><option value="canary-13" selected data-tandem-unmask>canary-14<option label="canary-15">b</select>
      <select id="late"><option>visible<option>other</select></div>
    <meta name="csrf-token" content="canary-16"><button value="canary-17">Press</button>
    <a href="/next?token=canary-18#canary-19">On</a><svg><a xlink:href="/next?canary-20"><text>On</text></a></svg>
    <map><area href="/a?canary-21"></map><a href=" javascript:canary-22">No</a>
    <p data-tandem-mask style="background:url(/canary-23);--v:'canary-24';color:red">x</p>`);
  await page.evaluate((wait) => {
    const late = document.querySelector('#late');
    late.setAttribute('autocomplete', 'cc-exp-year');
    setTimeout(() => { late.options[1].text = 'canary-25'; }, wait / 4);
  }, WAIT_MS);
  const content = await sent(page);
  expect(content).toContain('Shown');
  expect(content).toContain('visible');
  expect(canaries(content)).toEqual([]);
});

test('a field that shows a password is secret, however it came to show it', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, `<div data-tandem-unmask><input value="visible">
    <input type="password" name="word" value="canary-01"><input type="text" name="new_password" value="canary-02">
    <input id="card-pin" value="canary-03"><input name="shipping" value="harmless"></div>`);
  await page.evaluate(() => {
    const field = document.querySelector('[name=word]');
    const twin = field.cloneNode();
    twin.type = 'text';
    twin.value = 'canary-04';
    field.replaceWith(twin);
    const quick = document.createElement('input');
    quick.type = 'password';
    quick.value = 'canary-05';
    twin.after(quick);
    quick.type = 'text';
  });
  const content = await sent(page);
  expect(content).toContain('visible');
  expect(content).toContain('harmless');
  expect(canaries(content)).toEqual([]);
});

test('what was typed stays hidden when its field becomes a button or its part was a grey box', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<input id="typed"><textarea data-tandem-block></textarea><input type="submit" value="Label">');
  await page.fill('#typed', 'canary-01');
  await page.waitForTimeout(WAIT_MS);
  await page.evaluate(() => {
    document.querySelector('#typed').type = 'button';
    document.querySelector('textarea').setAttribute('data-x', 'canary-02');
    document.querySelector('textarea').placeholder = 'canary-03';
  });
  const content = await sent(page);
  expect(content).toContain('Label');
  expect(canaries(content)).toEqual([]);
});

for (const place of ['html', 'title']) {
  test(`the title is hidden when ${place} is masked`, async ({ page, tandem, closing }) => {
    const html = markup('<p>Body</p>', 'canary-01').replace(`<${place}`, `<${place} data-tandem-mask`);
    await record({ page, tandem, closing }, html);
    await page.evaluate(() => { document.title = 'canary-02'; });
    expect(canaries(await sent(page))).toEqual([]);
  });
}

test('elements with the names of properties and fields inside SVG are read like others', async ({ page, tandem, closing }) => {
  const site = await closing(startPage(markup('<p>First</p>')));
  await page.goto(site.origin);
  await openMirror(page, tandem.origin);
  await page.evaluate((odd) => document.body.insertAdjacentHTML('beforeend', odd), `
    <form name="baseURI"><input name="ownerDocument"><input name="nodeType"></form><img name="title"><form name="getElementsByTagName"></form>
    <form name="addEventListener"></form><img name="documentElement"><img name="activeElement"><img name="adoptedStyleSheets">
    <form data-tandem-block><input name="getBoundingClientRect"></form><p>Read on</p>`);
  await page.evaluate(() => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    for (const name of ['input', 'iframe', 'select', 'textarea']) svg.append(document.createElementNS(svg.namespaceURI, name));
    document.body.append(svg);
  });
  await startMirror(page);
  await page.evaluate(() => document.querySelector('form').append('And further'));
  const content = await sent(page);
  expect(content).toContain('Read on');
  expect(content).toContain('And further');
});

test('elements that come into a frame of the page are seen', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<iframe srcdoc="<p>Inside</p><style>@import url(data:text/css,b{});</style>"></iframe><p id="out">Out</p>');
  await page.evaluate(() => {
    const { body } = document.querySelector('iframe').contentDocument;
    body.append(Object.assign(body.ownerDocument.createElement('section'), { textContent: 'Came later' }));
    document.querySelector('#out').textContent = 'Changed as well';
  });
  const { live, stage } = await bothTrees(page);
  expect(stage).toContain('Came later');
  expect(stage).toContain('Changed as well');
  expect(stage).toBe(live);
});

test('selectors that ask for a state are asked again when the state changes', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<div class="f"><input type="checkbox"></div><p class="s">before</p>', { mask: ['.f:has(:checked) + .s'] });
  await page.check('input');
  await page.waitForTimeout(WAIT_MS);
  await page.evaluate(() => { document.querySelector('.s').firstChild.data = 'canary-01'; });
  expect(canaries(await sent(page))).toEqual([]);
});

test('a page that the visitor may edit as a whole is masked', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<p id="text">before</p>');
  await page.evaluate(() => {
    document.designMode = 'on';
    document.querySelector('#text').textContent = 'canary-01';
  });
  await page.waitForTimeout(WAIT_MS);
  await page.evaluate(() => { document.querySelector('#text').firstChild.data = 'canary-02'; });
  expect(canaries(await sent(page))).toEqual([]);
});

test('the page keeps its own attachShadow when it is recorded a second time', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<p>One</p>');
  const kept = await page.evaluate(() => {
    window.mirror.recorder.stop();
    const original = Element.prototype.attachShadow;
    let calls = 0;
    const own = function (init) { calls++; return original.call(this, init); };
    Element.prototype.attachShadow = own;
    window.mirror.recorder.start(() => {});
    document.createElement('div').attachShadow({ mode: 'open' });
    window.mirror.recorder.stop();
    return { calls, isBack: Element.prototype.attachShadow === own };
  });
  expect(kept).toEqual({ calls: 1, isBack: true });
});
