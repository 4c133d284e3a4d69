// Changes of a page of the kinds that rrweb measures itself by: what following them adds to the main thread, and bytes.
import { CONTENDERS } from './contenders.js';
import { bytesOf, deflatedBytes, kilobytes, median, spread, table, times } from './figures.js';
import { CHANGING } from './pages.js';
import { traced } from './trace.js';

const SETTLE_MS = 300;
/** Longer than any of the contenders takes to follow. */
const FOLLOW_MS = 1_200;

/** Each runs in the page: `prepare` before anybody watches, `change` while it is traced. */
const KINDS = [
  {
    name: 'add 10,000 nodes',
    prepare() {},
    change() {
      const rows = document.createDocumentFragment();
      for (let i = 0; i < 2_500; i += 1) {
        const row = document.createElement('div');
        row.className = `row kind-${i % 9}`;
        const label = document.createElement('span');
        label.textContent = `Row ${i}`;
        row.append(label, document.createElement('b'));
        rows.append(row);
      }
      document.querySelector('#container').append(rows);
    },
  },
  {
    name: 'remove 10,000 nodes',
    prepare: fill,
    change() {
      for (const row of [...document.querySelector('#container').children]) row.remove();
    },
  },
  {
    name: 'move 2,500 subtrees',
    prepare: fill,
    change() {
      const other = document.createElement('section');
      const container = document.querySelector('#container');
      container.after(other);
      other.style.display = 'none';
      while (container.firstChild) other.append(container.firstChild);
    },
  },
  {
    name: 'nest 500 levels, 2,000 nodes',
    prepare() {},
    change() {
      let at = document.querySelector('#container');
      for (let level = 0; level < 500; level += 1) {
        const inner = document.createElement('div');
        inner.append(`level ${level}`, document.createElement('i'));
        at.append(inner);
        at = inner;
      }
    },
  },
  {
    name: 'attributes of 10,000 elements',
    prepare: fill,
    change() {
      for (const element of document.querySelectorAll('#container *')) {
        element.setAttribute('data-step', '2');
        element.setAttribute('class', `row kind-${element.childElementCount}`);
      }
    },
  },
  {
    name: 'text of 2,500 nodes',
    prepare: fill,
    change() {
      let i = 0;
      for (const label of document.querySelectorAll('#container span')) label.firstChild.data = `Row ${i++} changed`;
    },
  },
  {
    name: 'one attribute, 200 times in 200 tasks',
    prepare: fill,
    async change() {
      const element = document.querySelector('#container span');
      for (let i = 0; i < 200; i += 1) {
        element.setAttribute('data-step', String(i));
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    },
  },
];

/** Gives the table of changes. */
export async function measureMutations({ lab, rounds, only }) {
  const rows = [];
  for (const kind of KINDS.filter(({ name }) => !only || name.includes(only))) {
    const found = Object.fromEntries(CONTENDERS.map((way) => [way, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const way of CONTENDERS) found[way].push(await once(lab, kind, way));
    }
    const of = (way, key) => found[way].map((run) => run[key]);
    const alone = median(of('none', 'totalMs'));
    const added = (way) => of(way, 'totalMs').map((time) => time - alone);
    const theirs = median(added('rrweb'));
    const [rrweb] = found.rrweb;
    const [sdk] = found.sdk;
    rows.push([
      kind.name,
      spread(of('none', 'totalMs')),
      ...['rrweb', 'reader', 'sdk'].map((way) => spread(added(way))),
      times(theirs, median(added('reader'))),
      spread(of('rrweb', 'longestMs')),
      spread(of('reader', 'longestMs')),
      `${kilobytes(rrweb.raw)}, ${kilobytes(rrweb.deflated)}`,
      kilobytes(sdk.deflated),
      `${times(rrweb.raw, sdk.deflated)}, ${times(rrweb.deflated, sdk.deflated)}`,
    ]);
    console.log(`measured ${kind.name}`);
  }
  const head = ['change', 'page alone ms', 'rrweb adds ms', 'reader adds ms', 'sdk adds ms', 'reader to rrweb (target 5 ×)', 'longest task rrweb', 'longest task reader'];
  return [table('Changes, added time of the main thread in ms, and bytes', [...head, 'rrweb JSON, deflated', 'ours as sent', 'smaller (target 10 ×)'], rows)];
}

async function once(lab, kind, way) {
  const page = await lab.open(CHANGING.path, way, 0);
  try {
    await page.evaluate(({ prepare, waitMs }) => new Promise((resolve) => {
      Function(`return ({ ${prepare} }).prepare`)()();
      setTimeout(() => window.bench.begin(() => setTimeout(resolve, waitMs)), waitMs);
    }), { prepare: asMethod(kind.prepare, 'prepare'), waitMs: SETTLE_MS });
    await page.evaluate(() => window.bench.take());
    const times = await traced(lab.browser, page, async (begin, end, { change, followMs }) => {
      const run = Function(`return ({ ${change} }).change`)();
      begin();
      await run();
      setTimeout(end, followMs);
    }, { change: asMethod(kind.change, 'change'), followMs: FOLLOW_MS });
    const { texts, frames } = await page.evaluate(() => window.bench.take());
    const bytes = frames?.reduce((sum, frame) => sum + frame.length, 0);
    return { ...times, raw: texts ? bytesOf(texts) : bytes, deflated: texts ? deflatedBytes(texts) : bytes };
  } finally {
    await page.context().close();
  }
}

/** The text of a function as a method of this name. */
function asMethod(method, name) {
  return method.toString().replace(/^(async )?(?:function )?\w+/, `$1${name}`);
}

function fill() {
  for (let i = 0; i < 2_500; i += 1) {
    const row = document.createElement('div');
    row.className = 'row';
    const label = document.createElement('span');
    label.textContent = `Row ${i}`;
    row.append(label, document.createElement('b'));
    document.querySelector('#container').append(row);
  }
}
