// First capture of a whole page: main thread and bytes.
import { bytesOf, deflatedBytes, kilobytes, median, spread, table, times } from './figures.js';
import { PAGES } from './pages.js';
import { traced } from './trace.js';

const WAYS = ['rrweb', 'reader', 'sdk snapshot'];
/** What a page's own scripts may still do after its load. */
const SETTLE_MS = 400;

/** Gives the tables of the first capture. */
export async function measureCapture({ lab, rounds, only }) {
  const rows = [];
  const sizes = [];
  for (const page of PAGES.filter(({ name }) => !only || name.includes(only))) {
    const found = Object.fromEntries(WAYS.map((way) => [way, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const way of WAYS) found[way].push(await once(lab, page, way));
    }
    const { nodes } = found.rrweb[0];
    const of = (way, key) => found[way].map((run) => run[key]);
    const base = median(of('rrweb', 'totalMs'));
    for (const way of WAYS) {
      const total = of(way, 'totalMs');
      const words = way === 'rrweb' ? spread(of(way, 'wordsMs')) : 'in it';
      rows.push([page.name, String(nodes), way, spread(total), spread(of(way, 'longestMs')), words, way === 'rrweb' ? '' : times(base, median(total)), way === 'rrweb' ? '' : '8 ×, longest 16 ms']);
    }
    const [rrweb] = found.rrweb;
    const [reader] = found.reader;
    const [sdk] = found['sdk snapshot'];
    const target = nodes < 15_000 ? '20 kB' : '';
    sizes.push([page.name, String(nodes), kilobytes(rrweb.raw), kilobytes(rrweb.deflated), kilobytes(reader.raw), kilobytes(sdk.deflated), times(rrweb.deflated, sdk.deflated), target]);
    console.log(`measured ${page.name}`);
  }
  return [
    table(
      'First capture on a fresh page, time of its main thread in ms',
      ['page', 'nodes', 'by', 'total, median (range)', 'longest task', 'and JSON.stringify', 'faster than rrweb', 'target'],
      rows,
    ),
    table(
      'First capture, bytes',
      ['page', 'nodes', 'rrweb JSON', 'rrweb deflated', 'reader to recorder', 'keyframe as sent', 'smaller than rrweb', 'target'],
      sizes,
    ),
  ];
}

async function once(lab, { path }, way) {
  const page = await lab.open(path, way, SETTLE_MS);
  try {
    const nodes = await page.evaluate(() => document.getElementsByTagName('*').length + document.evaluate('count(//text())', document).numberValue);
    const times = await traced(lab.browser, page, (begin, end) => {
      begin();
      window.bench.begin(end);
    });
    const { texts, frames, raw, wordsMs } = await page.evaluate(() => window.bench.take());
    const bytes = frames?.reduce((sum, frame) => sum + frame.length, 0);
    return { ...times, nodes, wordsMs, raw: texts ? bytesOf(texts) : raw, deflated: texts ? deflatedBytes(texts) : bytes };
  } finally {
    await page.context().close();
  }
}
