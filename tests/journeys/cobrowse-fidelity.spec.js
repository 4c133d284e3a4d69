// Reader, recorder and viewer alone, without a socket between: the copy is the page, whatever happens to it, and
// what is secret is in no frame.
import { startDocsSite } from '../support/docs-site.js';
import { contentOf } from '../support/frames.js';
import { expect, test } from '../support/journey.js';
import { mutate } from '../support/mutate.js';
import { bothTrees, openMirror, recordedFrames, startMirror } from '../support/sdk-page.js';
import { page as markup, startPage } from '../support/site.js';

const SELECTORS = { mask: ['.secretive *'], unmask: ['.open'] };
const START = `
  <h1>A page that changes</h1><svg viewBox="0 0 9 9"><use href="#a"/><g id="a"><path d="M0 0"/></g></svg>
  <form><input name="a" value="1"><input type="password" value="p"><select><option>one<option selected>two</select></form>
  <p class="open">Shown: <input value="seen"> <input type="checkbox" checked></p><math><mi>x</mi></math>
  <noscript>no</noscript><style>p { color: teal }</style><div style="height: 3000px"></div>`;

for (const seed of [1, 2, 3, 4]) {
  test(`the copy equals the page after every burst of random changes (seed ${seed})`, async ({ page, tandem, closing }) => {
    const site = await closing(startPage(markup(START)));
    await page.goto(site.origin);
    await openMirror(page, tandem.origin, SELECTORS);
    await startMirror(page);
    for (let burst = 0; burst < 40; burst++) {
      await page.evaluate(mutate, { seed, count: 1 + (burst % 7) });
      const { live, stage } = await bothTrees(page);
      expect(stage, `burst ${burst}`).toBe(live);
    }
  });
}

test('a large page that changes while it is being read in slices comes over whole', async ({ page, tandem, closing }) => {
  // Each change looks at every element of the page, which takes its time on a busy machine.
  test.setTimeout(120_000);
  const site = await closing(startDocsSite(tandem.origin));
  await page.goto(`${site.origin}/std/vec/struct.Vec.html`);
  await openMirror(page, tandem.origin, SELECTORS);
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeGreaterThan(10_000);
  await page.evaluate(() => { window.mutateTimer = setInterval(() => window.mutateOnce?.(), 60); });
  await page.evaluate(`window.mutateOnce = () => (${mutate})({ seed: 5, count: 3 })`);
  await startMirror(page);
  await page.evaluate(() => clearInterval(window.mutateTimer));
  const { live, stage } = await bothTrees(page);
  expect(stage === live).toBe(true);
  const frames = await recordedFrames(page);
  expect(frames.filter((frame) => frame[1] === 2).length, 'parts of the keyframe').toBeGreaterThan(2);
});

test('one snapshot is one frame and rebuilds the page', async ({ page, tandem, closing }) => {
  const site = await closing(startPage(markup(START)));
  await page.goto(site.origin);
  await openMirror(page, tandem.origin, SELECTORS);
  const isWhole = await page.evaluate(() => window.mirror.viewer.apply(new window.mirror.Recorder(window.mirror.selectors).snapshot()));
  expect(isWhole).toBe(true);
  const { live, stage } = await bothTrees(page);
  expect(stage).toBe(live);
});

test('no canary of any secret place is in any frame, also when it becomes secret later', async ({ page, tandem, closing }) => {
  const site = await closing(startPage(markup(`
    <input type="password" value="canary-01"><input type="hidden" value="canary-02"><input autocomplete="cc-number" value="canary-03">
    <input autocomplete="section-a one-time-code" value="canary-04"><input value="canary-05" data-tandem-unmask type="password">
    <input value="canary-06"><textarea>canary-07</textarea><select><option value="canary-08" selected>canary-09</select>
    <p contenteditable>canary-10</p>
    <div data-tandem-mask title="canary-11" data-note="canary-12"><p aria-label="canary-13">canary-14</p>
      <img alt="canary-15" src="/canary-16.png"><input placeholder="canary-17"><svg><text>canary-18</text></svg></div>
    <section data-tandem-block class="canary-19"><p>canary-20</p></section>
    <input id="late" data-tandem-unmask value="visible"><script type="text/plain">canary-21</script><template><b>canary-22</b></template>
    <!-- canary-23 --><p onclick="canary24()">Nothing secret</p><div class="mine"><i>canary-25</i></div>`, 'Public title')));
  await page.goto(`${site.origin}/?token=canary-26#canary-27`);
  await openMirror(page, tandem.origin, { mask: ['.mine'] });
  await startMirror(page);
  await page.evaluate(async () => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 400));
    const late = document.querySelector('#late');
    late.type = 'password';
    await wait();
    late.value = 'canary-28';
    late.setAttribute('value', 'canary-29');
    await wait();
    late.type = 'text';
    late.dispatchEvent(new Event('input', { bubbles: true }));
    await wait();
    // The comparison knows only what a field is, not what it was.
    late.type = 'password';
    const added = document.createElement('div');
    added.innerHTML = '<input type="password" value="canary-30"><b data-tandem-mask>canary-31</b>';
    document.body.append(added);
    document.querySelector('.mine i').textContent = 'canary-32';
    document.querySelector('[data-tandem-mask]').setAttribute('title', 'canary-33');
    await wait();
  });
  const { live, stage } = await bothTrees(page);
  expect(stage).toBe(live);
  const content = contentOf(await recordedFrames(page)).toString('latin1');
  expect(content).toContain('Nothing secret');
  expect(content).toContain('visible');
  expect([...content.matchAll(/canary-?\d+/g)].map(([canary]) => canary)).toEqual([]);
});

test('the page is left as it was when the recording stops', async ({ page, tandem, closing }) => {
  const site = await closing(startPage(markup(START)));
  await page.goto(site.origin);
  const state = () => page.evaluate(() => {
    const own = [CSSStyleSheet.prototype.insertRule, CSSStyleSheet.prototype.replaceSync, Element.prototype.attachShadow];
    const copy = document.documentElement.cloneNode(true);
    for (const mirror of copy.querySelectorAll('[data-tandem-host]')) mirror.remove();
    return { html: copy.outerHTML, native: own.map((method) => /\[native code\]/.test(String(method))) };
  });
  const before = await state();
  await openMirror(page, tandem.origin, SELECTORS);
  await startMirror(page);
  expect((await state()).html).toBe(before.html);
  await page.evaluate(() => window.mirror.recorder.stop());
  expect(await state()).toEqual(before);
});
