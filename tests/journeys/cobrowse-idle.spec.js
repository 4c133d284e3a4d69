// A page on which nothing happens costs nothing, and what scripts set on fields is told nevertheless.
import { expect, test } from '../support/journey.js';
import { openMirror, startMirror } from '../support/sdk-page.js';
import { page as markup, startPage } from '../support/site.js';

/** Counts what a page asks the browser to call later, from before the reader comes. */
function countLater() {
  window.asked = [];
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback']) {
    const original = window[name];
    window[name] = (...rest) => {
      window.asked.push(name);
      return original.apply(window, rest);
    };
  }
}

async function record({ page, tandem, closing }, body) {
  const site = await closing(startPage(markup(body)));
  await page.addInitScript(countLater);
  await page.goto(site.origin);
  await openMirror(page, tandem.origin);
  await startMirror(page);
}

/** Waits until the page asks for nothing to be called later, for longer than anything of it waits. */
async function toBeQuiet(page) {
  await expect
    .poll(() => page.evaluate(async () => {
      window.asked = [];
      // By a channel, as a timer would count.
      const { port1, port2 } = new MessageChannel();
      const until = performance.now() + 1_500;
      await new Promise((resolve) => {
        port1.onmessage = () => (performance.now() < until ? port2.postMessage(null) : resolve(null));
        port2.postMessage(null);
      });
      return window.asked;
    }), { timeout: 30_000 })
    .toEqual([]);
}

const shown = (page) => page.evaluate(() => [...window.mirror.frame.contentDocument.querySelectorAll('input')].map(({ value }) => value));

test('nothing runs while nothing happens on the page', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<p>One</p><input value="12"><select><option>a</select>');
  await toBeQuiet(page);
  await page.evaluate(() => document.querySelector('p').append('Two'));
  await expect.poll(() => page.evaluate(() => window.mirror.frame.contentDocument.body.textContent)).toContain('OneTwo');
  await toBeQuiet(page);
});

test('a value that a script sets is told, though no event says so', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<input value="12"><input type="checkbox" data-tandem-unmask>');
  await toBeQuiet(page);
  await page.evaluate(() => { document.querySelector('input').value = '123456'; });
  await expect.poll(async () => (await shown(page))[0]).toBe('••••••');
  await page.evaluate(() => { document.querySelector('[type=checkbox]').checked = true; });
  await expect.poll(() => page.evaluate(() => window.mirror.frame.contentDocument.querySelector('[type=checkbox]').checked)).toBe(true);
});

test('a value that a framework sets by the browser\'s own means is told after the visitor\'s next step', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<button type="button">Fill in</button><input value="12">');
  await page.evaluate(() => {
    window.mirror.recorder.stop();
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    const input = document.querySelector('input');
    document.querySelector('button').onclick = () => set.call(input, '12345');
    window.mirror.isWhole = false;
  });
  await startMirror(page);
  await toBeQuiet(page);
  await page.click('button');
  await expect.poll(async () => (await shown(page))[0]).toBe('•••••');
});

test('the page has its own properties of fields back when the session ends', async ({ page, tandem, closing }) => {
  await record({ page, tandem, closing }, '<input>');
  const setters = () => page.evaluate(() => ['value', 'checked'].map((name) => /native code/.test(String(Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, name).set))));
  expect(await setters()).toEqual([false, false]);
  await page.evaluate(() => window.mirror.recorder.stop());
  expect(await setters()).toEqual([true, true]);
});
