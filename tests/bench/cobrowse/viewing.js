// The agent's side: from the frame as it came to the rebuilt page.
import { load } from './contenders.js';
import { median, spread, table, times } from './figures.js';
import { PAGES } from './pages.js';
import { traced } from './trace.js';

const NAMES = ['table 10k', 'app 10k', 'table 50k', 'app 50k'];
const SETTLE_MS = 300;

/** Gives the table of first views. */
export async function measureViewing({ lab, rounds, only }) {
  const rows = [];
  for (const page of PAGES.filter(({ name }) => NAMES.includes(name) && (!only || name.includes(only)))) {
    const recorded = { rrweb: await record(lab, page, 'rrweb'), viewer: await record(lab, page, 'sdk snapshot') };
    const found = { rrweb: [], viewer: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const way of Object.keys(found)) found[way].push(await once(lab, way, recorded[way]));
    }
    const of = (way, key) => found[way].map((run) => run[key]);
    for (const way of Object.keys(found)) {
      const isOurs = way === 'viewer';
      const ratio = (key) => (isOurs ? times(median(of('rrweb', key)), median(of(way, key))) : '');
      rows.push([page.name, way, spread(of(way, 'builtMs')), ratio('builtMs'), spread(of(way, 'totalMs')), ratio('totalMs'), isOurs ? '3 ×' : '']);
    }
    console.log(`measured the view of ${page.name}`);
  }
  const head = ['page', 'by', 'built, ms', 'faster', 'built and laid out, main thread ms', 'faster', 'target'];
  return [table('First view on a fresh page, from JSON text or frame', head, rows)];
}

async function record(lab, { path }, way) {
  const page = await lab.open(path, way, SETTLE_MS);
  try {
    return await page.evaluate(async () => {
      await new Promise((resolve) => window.bench.begin(resolve));
      const { texts, frames } = await window.bench.take();
      return texts ?? frames;
    });
  } finally {
    await page.context().close();
  }
}

async function once(lab, way, recorded) {
  const page = await lab.open('/blank', 'none', 0);
  try {
    if (way === 'rrweb') await load(page, 'rrweb', lab);
    else await page.evaluate(prepareViewer, lab.origin);
    await page.evaluate((it) => { window.recorded = it; }, recorded);
    await page.waitForTimeout(SETTLE_MS);
    return await traced(lab.browser, page, way === 'rrweb' ? replay : view);
  } finally {
    await page.context().close();
  }
}

async function prepareViewer(origin) {
  const sdk = await import(`${origin}/sdk/viewer.js`);
  await sdk.default();
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.srcdoc = '<!doctype html>';
  Object.assign(frame, { width: '1280', height: '800' });
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  window.viewer = new sdk.Viewer(frame);
}

function view(begin, end) {
  const frames = window.recorded.map((frame) => Uint8Array.from(frame));
  begin();
  for (const frame of frames) window.viewer.apply(frame);
  performance.mark('bench-built');
  const { contentDocument } = document.querySelector('iframe');
  if (!contentDocument.body.offsetHeight) throw new Error('nothing was built');
  end();
}

function replay(begin, end) {
  begin();
  const events = window.recorded.map((text) => JSON.parse(text));
  const replayer = new window.rrweb.Replayer(events, { root: document.body, mouseTail: false, showWarning: false });
  replayer.on('fullsnapshot-rebuilded', () => {
    performance.mark('bench-built');
    if (!document.querySelector('iframe').contentDocument.body.offsetHeight) throw new Error('nothing was built');
    end();
  });
}
