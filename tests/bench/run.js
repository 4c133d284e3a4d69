// `./build.sh bench`: measures the running product in one browser on this machine and prints tables.
import { chromium } from '@playwright/test';
import config from '../playwright.config.js';
import { Agent } from '../support/agent.js';
import { startDocsSite } from '../support/docs-site.js';
import { TandemServer } from '../support/server.js';
import { Visitor } from '../support/visitor.js';
import { measureMessages } from './messages.js';
import { measureSharing } from './sharing.js';

const tandem = await TandemServer.prepare();
await tandem.start();
const docs = await startDocsSite(tandem.origin);
const browser = await chromium.launch(config.use.launchOptions);
try {
  const agent = await new Agent(await (await browser.newContext()).newPage(), tandem).signIn('ana');
  const visitor = new Visitor(await (await browser.newContext()).newPage(), tandem);
  await visitor.visit(`${docs.origin}/std/vec/struct.Vec.html`);
  await visitor.openChat();
  await visitor.say('Ready to be measured');
  await agent.openConversation('Ready to be measured');
  printTable([await measureMessages(visitor, agent), ...(await measureSharing(visitor, agent))]);
} finally {
  await browser.close();
  await docs.close();
  await tandem.dispose();
}

/** One line per measurement: what, how often, and the median, 99th percentile and largest time in milliseconds. */
function printTable(rows) {
  const cells = [['measured', 'times', 'p50 ms', 'p99 ms', 'max ms', 'target p99']];
  for (const { name, timesMs, targetMs } of rows) {
    const sorted = [...timesMs].sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
    cells.push([name, String(sorted.length), at(0.5), at(0.99), at(1), targetMs === undefined ? '' : String(targetMs)]);
  }
  for (const [name, ...numbers] of cells) {
    console.log(name.padEnd(58) + numbers.map((number) => number.padStart(11)).join(''));
  }
}
