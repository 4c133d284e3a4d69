// Pictures of the console's faces at both widths, in light and dark, kept as artefacts to be looked at.
import { expect, picture, test } from '../support/journey.js';

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** Visitors who wait, one chat that changed hands with a note, files and revised messages. */
async function busyDay(tandem, newVisitor, newAgent) {
  const ben = await newAgent('ben');
  const visitors = [];
  for (const text of ['My parcel has not arrived, and I have asked twice', 'Is the mug dishwasher safe?', 'I would like to return a cushion']) {
    const visitor = await newVisitor();
    await visitor.visit();
    await visitor.openChat();
    await visitor.say(text);
    visitors.push(visitor);
  }
  await ben.openConversation('Is the mug dishwasher safe?');
  await ben.handOverTo('Sales');
  await ben.openConversation('My parcel');
  await ben.take();
  await ben.say('I am sorry about that. I look for it.');
  await ben.say('It left us on Monday');
  await ben.chooseFiles([
    { name: 'parcel.png', mimeType: 'image/png', buffer: await visitors[0].page.screenshot() },
    { name: 'Proof of dispatch, with the signature of the carrier 2026-11-23.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a') },
  ]);
  await ben.page.getByTestId('send').click();
  await expect(ben.page.locator('[data-kind=file]')).toBeVisible();
  return { ben, visitor: visitors[0] };
}

for (const [size, options] of [['desktop', DESKTOP], ['phone', PHONE]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`console, ${size}, ${colorScheme}`, async ({ tandem, newVisitor, newAgent }) => {
      test.setTimeout(150_000);
      const look = (page, name) => picture(page, `console-${name}-${size}-${colorScheme}`);
      const { ben, visitor } = await busyDay(tandem, newVisitor, newAgent);
      const ana = await newAgent('ana', { ...options, colorScheme });
      await ben.handOverTo('Ana', 'Asked three times already. The carrier says it is lost:\nplease send another one, without cost.');
      await expect(ana.toasts).toContainText('Ben gave you');
      await look(ana.page, 'given');
      await ana.toasts.getByTestId('toast-open').click();
      await expect(ana.notes).toBeVisible();
      await ana.say('Ana here. I send you another one today.');
      await ana.say('You get it on Wensday');
      await ana.message('Wensday').getByText('Wensday').click();
      await look(ana.page, 'tools');
      await ana.message('Wensday').getByTestId('message-edit').click();
      await ana.page.getByTestId('edit-field').fill('You get it on Wednesday');
      await look(ana.page, 'edit');
      await ana.page.getByTestId('edit-save').click();
      await ana.say('Oops');
      await ana.message('Oops').getByText('Oops').click();
      await ana.message('Oops').getByTestId('message-delete').click();
      await look(ana.page, 'confirm');
      await ana.page.getByTestId('confirm-yes').click();
      await expect(ana.page.getByTestId('message-deleted')).toBeVisible();
      await expect(visitor.message('Wednesday')).toBeVisible();
      await ana.chooseFiles([
        { name: 'label.png', mimeType: 'image/png', buffer: await visitor.page.screenshot() },
        { name: 'A document with a rather long name.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a') },
      ]);
      await ana.composer.fill('The label for sending it back');
      await look(ana.page, 'thread');
      await ana.page.locator('[data-kind=picture]').click();
      await look(ana.page, 'picture');
      await ana.page.keyboard.press('Escape');
      await ana.page.getByTestId('transfer').click();
      await ana.page.getByTestId('assign-note').fill('Wants to be called back');
      await look(ana.page, 'assign');
      await ana.page.keyboard.press('Escape');
      await ana.page.getByTestId('colleagues').click();
      await look(ana.page, 'colleagues');
      await ana.page.keyboard.press('Escape');
      if (size === 'phone') await ana.page.goto(`${ana.tandem.origin}/console/`);
      await ana.page.getByTestId('filter').click();
      await look(ana.page, 'inbox');
      await ana.show('teams');
      await look(ana.page, 'inbox-teams');
      await ana.show('closed');
      await look(ana.page, 'inbox-closed');
      const admin = await newAgent('admin', { ...options, colorScheme });
      await admin.page.getByTestId('teams').click();
      await admin.page.getByTestId('team-row').first().click();
      await look(admin.page, 'teams');
    });
  }
}
