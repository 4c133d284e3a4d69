// The copy is the page, construct by construct: the tree, every element's style and box, and the picture.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONSTRUCTS, PIXELS_MAX } from '../support/constructs.js';
import { docsFolder } from '../support/docs-site.js';
import { expect, test } from '../support/journey.js';
import { page as markup } from '../support/site.js';
import { startTwinSite, Twin } from '../support/twin-page.js';

/** A font that the site serves: one that comes with the toolchain's documentation. */
async function font() {
  const folder = join(docsFolder(), 'static.files');
  const name = (await readdir(folder)).find((file) => file.endsWith('.woff2'));
  return { headers: { 'content-type': 'font/woff2' }, body: await readFile(join(folder, name)) };
}

for (const { name, html, files, options, change, until, shows, expected, pixelsMax, isMasked } of CONSTRUCTS) {
  test(`the copy shows ${name}`, async ({ page, tandem, closing }) => {
    const whole = html.startsWith('<html') ? html : markup(html);
    const site = await closing(startTwinSite(whole, { '/own.woff2': await font(), ...files }));
    await page.goto(site.origin);
    const twin = await Twin.open(page, tandem.origin, options);
    await change?.(page);
    if (until) {
      await expect.poll(async () => {
        await twin.follow();
        return twin.onStage(until);
      }).toBeTruthy();
    }
    const { live, stage } = await twin.trees();
    expect(stage).toBe(live);
    if (shows) expect(await twin.onStage(shows)).toEqual(expected);
    if (isMasked) return;
    expect(await twin.differences()).toEqual([]);
    expect(await twin.pictureDifference()).toBeLessThanOrEqual(pixelsMax ?? PIXELS_MAX);
  });
}
