// A canary in every place that can be masked: none leaves the page, in no frame as it is sent or inflated, nor does
// the server hold or log one while the page is shared.
import { open, readFile } from 'node:fs/promises';
import { Canaries, pageOfCanaries, toggle } from '../support/canaries.js';
import { contentOf } from '../support/frames.js';
import { expect, test } from '../support/journey.js';
import { scriptTag, startPage } from '../support/site.js';
import { startTwinSite, Twin } from '../support/twin-page.js';

const ROUNDS = 3;

for (const profile of ['standard', 'strict']) {
  for (const sliceNodes of [0, 1]) {
    const way = sliceNodes ? 'node by node' : 'in one go';
    test(`no canary is in any frame of a page that is read ${way} (${profile})`, async ({ page, tandem, closing }) => {
      for (let round = 0; round < ROUNDS; round++) {
        const canaries = new Canaries();
        const site = await closing(startTwinSite(pageOfCanaries(canaries)));
        await page.goto(`${site.origin}/?token=${canaries.word('address query')}#${canaries.word('address fragment')}`);
        const twin = await Twin.open(page, tandem.origin, { profile, sliceNodes });
        await toggle(page, canaries);
        await twin.follow();
        const frames = (await page.evaluate(() => window.sentFrames.map((frame) => btoa(String.fromCharCode(...frame))))).map((frame) => Buffer.from(frame, 'base64'));
        const content = contentOf(frames);
        expect(content.includes(Buffer.from('Nothing secret here')), 'what may be seen is found, so the search is able to find').toBe(true);
        expect(canaries.leakedIn(content)).toEqual([]);
        expect(canaries.leakedIn(Buffer.concat(frames))).toEqual([]);
        // A masked canvas is not even sent as a picture, which no search for words would notice.
        expect(content.includes(Buffer.from('data:image/webp'))).toBe(false);
        await twin.copy.close();
      }
    });
  }
}

test('the server neither holds nor logs a canary of a page that is shared', async ({ newVisitor, newAgent, tandem, closing }) => {
  // Every word is looked for in all of the server's memory.
  test.setTimeout(120_000);
  const canaries = new Canaries();
  // The chat tells agents the title and the address of the page that a visitor writes from, shared or not.
  const html = pageOfCanaries(canaries, 'Plain title').replace('</body>', `${scriptTag(tandem.origin)}</body>`);
  const site = await closing(startPage(html));
  const visitor = await newVisitor();
  const agent = await newAgent('ana');
  await visitor.page.goto(site.origin);
  await visitor.showChat();
  await visitor.say('Look at my page, please');
  await agent.openConversation('Look at my page, please');
  await agent.askToShare();
  await visitor.allowSharing();
  await expect(agent.stage.locator('#seen')).toHaveText('Nothing secret here');
  await toggle(visitor.page, canaries, { keepsAddress: true });
  await expect(agent.stage.locator('#late')).toHaveText(/^[•\s]+$/);
  const memory = await memoryOf(tandem.pid);
  expect(memory.includes(Buffer.from('Look at my page, please')), 'what the server holds is found').toBe(true);
  expect(canaries.leakedIn(memory)).toEqual([]);
  expect(canaries.leakedIn(Buffer.from(tandem.output))).toEqual([]);
  const stage = await agent.stageFrame();
  expect(canaries.leakedIn(Buffer.from(await stage.content()))).toEqual([]);
});

/** Gives what a process has written to its memory. @param {number} pid */
async function memoryOf(pid) {
  const regions = (await readFile(`/proc/${pid}/maps`, 'utf8')).split('\n').filter((line) => / rw/.test(line));
  const memory = await open(`/proc/${pid}/mem`);
  const pieces = [];
  try {
    for (const region of regions) {
      const [from, to] = region.split(' ')[0].split('-').map((address) => Number.parseInt(address, 16));
      const piece = Buffer.alloc(to - from);
      // A region that was let go of meanwhile holds nothing.
      const { bytesRead } = await memory.read(piece, 0, piece.length, from).catch(() => ({ bytesRead: 0 }));
      pieces.push(piece.subarray(0, bytesRead));
    }
  } finally {
    await memory.close();
  }
  return Buffer.concat(pieces);
}
