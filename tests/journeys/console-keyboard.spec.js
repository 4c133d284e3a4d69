// An agent's whole day without a mouse.
import { expect, test } from '../support/journey.js';

test('taking, answering, correcting, handing over and closing go by keyboard alone', async ({ newVisitor, newAgent }) => {
  const visitor = await newVisitor();
  await visitor.visit();
  await visitor.openChat();
  await visitor.say('Can I do all of this by keyboard?');
  const ben = await newAgent('ben');
  const ana = await newAgent('ana');
  const { keyboard } = ana.page;
  const isFocused = (testid) => expect(ana.page.getByTestId(testid).first()).toBeFocused();
  await expect(ana.rows).toHaveCount(1);

  await keyboard.press('3');
  await expect(ana.page.getByTestId('view-waiting')).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('j');
  await isFocused('conversation-row');
  await keyboard.press('Enter');
  await isFocused('composer');
  await keyboard.press('Escape');
  await keyboard.press('t');
  await expect(ana.page.getByTestId('assignee')).toHaveText('yours');
  await keyboard.press('r');
  await keyboard.type('Yes, you cann');
  await keyboard.press('Enter');
  await expect(visitor.message('Yes, you cann')).toBeVisible();

  await keyboard.press('ArrowUp');
  await isFocused('edit-field');
  await keyboard.press('Backspace');
  await keyboard.press('Enter');
  await expect(visitor.message(/Yes, you can(?!n)/)).toBeVisible();
  await isFocused('composer');
  await keyboard.press('ArrowUp');
  await isFocused('edit-field');
  await keyboard.press('Escape');
  await isFocused('composer');

  await keyboard.type('This one was a mistake');
  await keyboard.press('Enter');
  await expect(visitor.message('This one was a mistake')).toBeVisible();
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await expect(ana.page.getByRole('log')).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(ana.message('This one was a mistake')).toBeFocused();
  await keyboard.press('Delete');
  await isFocused('confirm-no');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(visitor.message('This one was a mistake')).toHaveCount(0);

  await keyboard.press('a');
  await isFocused('assign-search');
  await keyboard.press('Escape');
  await expect(ana.assignPopover).toBeHidden();
  await isFocused('transfer');
  await keyboard.press('a');
  await keyboard.type('ben');
  await keyboard.press('Tab');
  await keyboard.type('Keyboard person');
  await keyboard.press('Enter');
  await expect(ana.assignPopover).toBeHidden();
  await expect(ben.toasts.getByTestId('toast-note')).toHaveText('Keyboard person');
  await expect(ana.page.getByTestId('assignee')).toHaveText('Ben');
  await keyboard.press('?');
  await expect(ana.page.getByTestId('keys')).toBeVisible();
  await keyboard.press('Escape');
  await expect(ana.page.getByTestId('keys')).toHaveCount(0);
  await keyboard.press('Escape');
  await expect(ana.thread).toHaveCount(0);
});
