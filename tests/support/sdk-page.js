// A page that is recorded and rebuilt beside itself by the SDK, without a socket between: what reader, recorder and
// viewer make of a page, and nothing else.
import { canonicalTree } from './canonical-tree.js';

/** Puts recorder, viewer and the comparison into a page. `selectors` are the touchpoint's own. */
export async function openMirror(page, sdkOrigin, selectors = {}) {
  await page.evaluate(`window.canonicalTree = ${canonicalTree}`);
  await page.evaluate(
    async ({ sdkOrigin, selectors }) => {
      const [recorder, viewer] = await Promise.all(['recorder', 'viewer'].map((name) => import(`${sdkOrigin}/sdk/${name}.js`)));
      await Promise.all([recorder.default(), viewer.default()]);
      const host = document.createElement('div');
      host.setAttribute('data-tandem-host', 'mirror');
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-same-origin');
      if (document.compatMode !== 'BackCompat') frame.srcdoc = '<!doctype html>';
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      host.append(frame);
      document.documentElement.append(host);
      await loaded;
      window.mirror = { Recorder: recorder.Recorder, viewer: new viewer.Viewer(frame), frame, selectors, frames: [], isWhole: false };
    },
    { sdkOrigin, selectors },
  );
}

/** Begins to record into the mirror. */
export async function startMirror(page) {
  await page.evaluate(() => {
    const { mirror } = window;
    // What changes types of fields remembers here what was secret.
    window.onceSecret = new WeakSet();
    mirror.recorder = new mirror.Recorder(mirror.selectors);
    mirror.recorder.start((frame) => {
      mirror.frames.push(frame);
      mirror.isWhole = mirror.viewer.apply(frame);
    });
  });
  await page.waitForFunction(() => window.mirror.isWhole);
}

/** Gives the page and its copy as comparable texts, once everything that changed has been painted. */
export function bothTrees(page) {
  return page.evaluate(async () => {
    const { frame, selectors } = window.mirror;
    for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 10)));
    return {
      live: window.canonicalTree(document, 'live', selectors),
      stage: window.canonicalTree(frame.contentDocument, 'stage', selectors),
    };
  });
}

/** Gives the recorded frames as buffers. */
export async function recordedFrames(page) {
  const frames = await page.evaluate(() => window.mirror.frames.map((frame) => Array.from(frame)));
  return frames.map((bytes) => Buffer.from(bytes));
}
