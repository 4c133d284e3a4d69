// What following a page costs when nothing happens, and whether anything grows while much happens.
import { CONTENDERS } from './contenders.js';
import { median, spread, table } from './figures.js';
import { CHANGING } from './pages.js';
import { traced } from './trace.js';

const IDLE_MS = 4_000;
const SAMPLES = 6;

/** Gives the table of idle costs. */
export async function measureIdle({ lab, rounds }) {
  const found = Object.fromEntries(CONTENDERS.map((way) => [way, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const way of CONTENDERS) found[way].push(await idle(lab, way));
  }
  const rows = CONTENDERS.map((way) => {
    const of = (key) => found[way].map((run) => run[key]);
    return [way, spread(of('totalMs'), 2), String(median(of('timers'))), String(median(of('frames'))), way === 'none' ? '' : '0 timers, 0 frames'];
  });
  return [table(`Idle page with 400 fields, ${IDLE_MS / 1000} s`, ['by', 'main thread ms', 'timers', 'animation frames', 'target'], rows)];
}

async function idle(lab, way) {
  const page = await lab.open('/app-10k', way, 0);
  try {
    await page.evaluate((waitMs) => new Promise((resolve) => window.bench.begin(() => setTimeout(resolve, waitMs))), 1_500);
    // The two timers of the measurement are its own.
    const { timers, ...rest } = await traced(lab.browser, page, (begin, end, ms) => {
      begin();
      setTimeout(end, ms);
    }, IDLE_MS);
    return { ...rest, timers: timers - 1 };
  } finally {
    await page.context().close();
  }
}

/** Gives the table of memory: a page that adds, removes, moves and changes nodes all the time. */
export async function measureMemory({ lab, minutes }) {
  const rows = [];
  for (const way of CONTENDERS) {
    const samples = await churned(lab, way, minutes * 60_000);
    const growth = samples.at(-1).heap - samples[1].heap;
    const wasm = samples.map(({ wasm }) => wasm);
    rows.push([
      way,
      samples.map(({ heap }) => heap.toFixed(2)).join(' '),
      `${growth >= 0 ? '+' : ''}${growth.toFixed(2)}`,
      wasm.at(-1) ? wasm.map((megabytes) => megabytes.toFixed(1)).join(' ') : '',
      String(samples.at(-1).nodes - samples[1].nodes),
    ]);
    console.log(`measured ${way} over ${minutes} min of churn`);
  }
  const head = ['by', 'heap after collection, MB, over time', 'growth since the second, MB', 'wasm memory, MB', 'more DOM nodes'];
  return [table(`Memory over ${minutes} minutes of churn`, head, rows)];
}

async function churned(lab, way, lengthMs) {
  const page = await lab.open(CHANGING.path, way, 0);
  try {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.evaluate(() => new Promise((resolve) => window.bench.begin(resolve)));
    await page.evaluate(churn);
    const samples = [];
    for (let number = 0; number < SAMPLES; number += 1) {
      if (number) await page.waitForTimeout(lengthMs / (SAMPLES - 1));
      // What has been made is the measurement's to drop.
      await page.evaluate(() => window.bench.take().then(() => undefined));
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const value = (name) => metrics.find((metric) => metric.name === name).value;
      const wasm = await page.evaluate(() => (window.wasmMemories ?? []).reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
      samples.push({ heap: value('JSHeapUsedSize') / 1e6, nodes: value('Nodes'), wasm: wasm / 1e6 });
    }
    return samples;
  } finally {
    await page.context().close();
  }
}

function churn() {
  const container = document.querySelector('#container');
  let step = 0;
  setInterval(() => {
    for (let i = 0; i < 20; i += 1) {
      const row = document.createElement('p');
      row.className = `row-${step % 10}`;
      row.append(`text ${step % 100}`, document.createElement('b'));
      container.append(row);
      if (container.childElementCount > 400) container.children[(step * 7) % 300].remove();
      container.children[(step * 13) % container.childElementCount].setAttribute('data-step', String(step % 50));
      if (step % 5 === 0) container.prepend(container.lastChild);
      step += 1;
    }
  }, 16);
}
