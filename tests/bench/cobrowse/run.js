// `./build.sh bench cobrowse`: rrweb and Tandem on the same pages in one browser, each time on a fresh page, in turns.
import { chromium } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import config from '../../playwright.config.js';
import { docsFolder } from '../../support/docs-site.js';
import { TandemServer } from '../../support/server.js';
import { page as markupPage, startSite } from '../../support/site.js';
import { measureCapture } from './capture.js';
import { load, portEnd, readerAddress, rrwebScript } from './contenders.js';
import { measureMutations } from './mutations.js';
import { CHANGING, PAGES } from './pages.js';
import { measureIdle, measureMemory } from './staying.js';
import { measureViewing } from './viewing.js';

const TABLES = { capture: measureCapture, mutations: measureMutations, viewing: measureViewing, idle: measureIdle, memory: measureMemory };
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '0.5' },
    only: { type: 'string' },
    output: { type: 'string' },
  },
});
const unknown = positionals.find((name) => !(name in TABLES));
if (unknown) throw new Error(`no table "${unknown}"; there are ${Object.keys(TABLES).join(', ')}`);

const tandem = await TandemServer.prepare();
await tandem.start();
const site = await startSite(await answers());
const browser = await chromium.launch(config.use.launchOptions);
try {
  const lab = { browser, origin: tandem.origin, reader: await readerAddress(tandem.origin), open };
  const options = { lab, rounds: Number(values.rounds), minutes: Number(values.minutes), only: values.only };
  const tables = [`# Co-browsing beside rrweb 2.2.2\n\nChromium ${browser.version()}, ${cpus().length} cores, ${options.rounds} rounds, cold pages in turns; medians with the range.\n`];
  for (const name of positionals.length ? positionals : Object.keys(TABLES)) tables.push(...(await TABLES[name](options)));
  const text = tables.join('\n');
  console.log(`\n${text}`);
  if (values.output) await writeFile(values.output, text);

  async function open(path, contender, settleMs) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.addInitScript(keepWasmMemories);
    await page.goto(site.origin + path);
    await load(page, contender, lab);
    await page.waitForTimeout(settleMs);
    return page;
  }
} finally {
  await browser.close();
  await site.close();
  await tandem.dispose();
}

/** What the bench's site answers: its own pages and scripts, else the documentation. */
async function answers() {
  const own = new Map([...PAGES, CHANGING].filter(({ markup }) => markup).map(({ path, markup }) => [path, { body: markupPage(markup) }]));
  const script = (body) => ({ headers: { 'content-type': 'text/javascript' }, body });
  own.set('/blank', { body: markupPage('') });
  own.set('/bench/rrweb.js', script(await rrwebScript()));
  own.set('/bench/port-end.js', script(await portEnd()));
  const root = docsFolder();
  return async (path) => {
    const known = own.get(path);
    if (known) return known;
    const body = await readFile(join(root, normalize(path))).catch(() => undefined);
    return body && { headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }, body };
  };
}

/** Wasm memory is no part of the heap that the browser tells of. */
function keepWasmMemories() {
  window.wasmMemories = [];
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...rest) => {
      const result = await original.apply(WebAssembly, rest);
      const { memory } = (result.instance ?? result).exports;
      if (memory) window.wasmMemories.push(memory);
      return result;
    };
  }
}
