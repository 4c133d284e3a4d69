// Random changes while a page is being read node by node, and after it: the copy is the page each time. Five hundred
// rounds, each with a page and a reading of its own.
import { expect, test } from '../support/journey.js';
import { mutate } from '../support/mutate.js';
import { openMirror } from '../support/sdk-page.js';
import { page as markup, startPage } from '../support/site.js';

const ROUNDS = 500;
const TESTS = 4;
const SELECTORS = { mask: ['.secretive *'], unmask: ['.open'] };
const START = `<h1>A page</h1><svg viewBox="0 0 9 9"><g id="a"><path d="M0 0"/></g></svg><p class="open">Shown: <input value="seen"></p>
  <form><input name="a" value="1"><input type="password" value="p"><select><option>one<option selected>two</select></form>
  <iframe></iframe><div class="secretive"><b>hidden</b><i>words</i></div><math><mi>x</mi></math><style>p { color: teal }</style>`;

const first = Number(process.env.TANDEM_MUTATOR_SEED ?? 1);
for (let part = 0; part < TESTS; part++) {
  const from = first + (part * ROUNDS) / TESTS;
  const to = from + ROUNDS / TESTS;
  test(`the copy equals the page after every random round (seeds ${from} to ${to - 1})`, async ({ page, tandem, closing }) => {
    test.setTimeout(240_000);
    const site = await closing(startPage(markup(START)));
    await page.goto(site.origin);
    await openMirror(page, tandem.origin, SELECTORS);
    await page.evaluate(`window.mutate = ${mutate}`);
    for (let seed = from; seed < to; seed++) {
      const failure = await page.evaluate(playRound, { seed, start: START });
      expect(failure, `TANDEM_MUTATOR_SEED=${seed}`).toBeNull();
    }
  });
}

/** Plays one round inside the page: a page from a seed, a reading with a pause after every node, and a burst after it. */
async function playRound({ seed, start }) {
  const { mirror } = window;
  mirror.recorder?.stop();
  for (const own of [...document.body.childNodes]) own.remove();
  document.body.innerHTML = start;
  window.mutateMemory = { state: Math.imul(seed, 2654435761) >>> 0, outside: [] };
  window.onceSecret = new WeakSet();
  mutate({ seed, count: 10 });
  window.onceSecret = new WeakSet();
  let isWhole = false;
  let error = '';
  mirror.recorder = new mirror.Recorder({ ...mirror.selectors, sliceNodes: 1 });
  mirror.recorder.start((frame) => {
    try {
      isWhole = mirror.viewer.apply(frame);
    } catch (thrown) {
      error ||= String(thrown);
    }
  });
  const { port1, port2 } = new MessageChannel();
  const next = () => new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(null); });
  for (let step = 0; !isWhole && !error && step < 20_000; step++) {
    if (step % 5 === 0 && step < 150) mutate({ seed, count: 1 });
    await next();
  }
  const afterReading = isWhole ? await settle() : `not whole ${error}`;
  if (afterReading) return `after the reading: ${afterReading}`;
  mutate({ seed, count: 1 + (seed % 9) });
  const afterBurst = await settle();
  return afterBurst ? `after a burst: ${afterBurst}` : null;

  /** Waits until both trees are equal, or gives where they differ when they do not become so. */
  async function settle() {
    let difference = '';
    for (let look = 0; look < 60; look++) {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, look < 10 ? 0 : 25)));
      const live = window.canonicalTree(document, 'live', mirror.selectors).split('\n');
      const stage = window.canonicalTree(mirror.frame.contentDocument, 'stage', mirror.selectors).split('\n');
      const at = live.findIndex((line, index) => line !== stage[index]);
      if (at < 0 && live.length === stage.length && !error) return '';
      difference = `${error}\n${live.slice(Math.max(0, at - 3), at + 3).join('\n')}\n--- and on the stage\n${stage.slice(Math.max(0, at - 3), at + 3).join('\n')}`;
    }
    return difference;
  }
}
