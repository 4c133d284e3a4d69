// Each of the five rules decides in the visitor's browser, and explains itself.
import { expect, test } from '../support/journey.js';

/** Asks the page's widget why it is shown or not. */
function explain(visitor) {
  return visitor.page.evaluate(() => window.Tandem.explain());
}

/** The verdict as the demo page prints it. */
function verdict(visitor) {
  return visitor.page.getByTestId('verdict');
}

test('any agent online: the launcher comes when an agent signs in and goes when the last one leaves', async ({ newVisitor, newAgent }) => {
  const visitor = await newVisitor();
  await visitor.visit('/demo/rules/online.html');
  await expect(verdict(visitor)).toHaveAttribute('data-visible', 'false');
  await expect(visitor.launcher).toBeHidden();
  const agent = await newAgent('ana');
  await expect(visitor.launcher).toBeVisible();
  await expect(verdict(visitor)).toHaveAttribute('data-visible', 'true');
  await agent.toggleAway();
  await expect(visitor.launcher).toBeVisible();
  await agent.page.close();
  await expect(visitor.launcher).toBeHidden();
});

test('any agent available: being away hides the launcher', async ({ newVisitor, newAgent }) => {
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  await visitor.visit('/demo/rules/available.html');
  await expect(visitor.launcher).toBeVisible();
  await agent.toggleAway();
  await expect(visitor.launcher).toBeHidden();
  await agent.toggleAway();
  await expect(visitor.launcher).toBeVisible();
  const decision = await explain(visitor);
  expect(decision.rules[0].when.fact).toMatch(/^1 /);
});

test('opening hours: the server’s hours count, wherever the visitor’s clock stands', async ({ newVisitor }) => {
  const visitor = await newVisitor({ timezoneId: 'Asia/Tokyo' });
  await visitor.page.clock.setSystemTime(new Date(Date.now() + 7 * 3_600_000));
  await visitor.visit('/demo/rules/hours.html');
  await expect(verdict(visitor)).toBeVisible();
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(new Date());
  const part = (type) => parts.find((it) => it.type === type).value;
  const isWeekday = !['Sat', 'Sun'].includes(part('weekday'));
  const isOpen = isWeekday && Number(part('hour')) >= 9 && Number(part('hour')) < 17;
  const decision = await explain(visitor);
  expect(decision.is_visible).toBe(isOpen);
  expect(decision.rules[0].when.holds).toBe(isOpen);
  // It will be looked at again when the hours begin or end, in UTC at a full hour and within four days.
  const wakeAt = Number(new Date(decision.wake_at));
  expect(wakeAt % 3_600_000).toBe(0);
  expect(wakeAt - Date.now()).toBeLessThan(4 * 86_400_000);
  expect(wakeAt).toBeGreaterThan(Date.now());
  if (isOpen) await expect(visitor.launcher).toBeVisible();
  else await expect(visitor.launcher).toBeHidden();
});

test('opening hours: the launcher is there while they run, goes when they end and comes when they begin', async ({ newVisitor, tandem }) => {
  test.setTimeout(200_000);
  const address = `${tandem.origin}/api/v1/touchpoints/tp_demo_hours`;
  const headers = { authorization: 'Bearer demo-token', 'content-type': 'application/json' };
  const clock = (at) => new Date(at).toISOString().slice(11, 16);
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  /** Opens every day from one moment of now to another, in UTC to the minute, and loads the page anew. */
  const keepHours = async (from, to) => {
    const touchpoint = await (await fetch(address, { headers })).json();
    touchpoint.hours = { time_zone: 'UTC', weekly: days.map((day) => ({ day, opens: clock(from), closes: clock(to) })) };
    const answer = await fetch(address, { method: 'PUT', headers, body: JSON.stringify(touchpoint) });
    expect(answer.status, await answer.text()).toBe(200);
    const visitor = await newVisitor();
    await visitor.visit('/demo/rules/hours.html');
    await expect(verdict(visitor)).toBeVisible();
    return visitor;
  };
  const [hour, now] = [3_600_000, Date.now()];
  const inside = await keepHours(now - hour, now + hour);
  await expect(inside.launcher).toBeVisible();
  expect((await explain(inside)).reason).toBe('show_rule');
  const after = await keepHours(now - 2 * hour, now - hour);
  await expect(verdict(after)).toHaveAttribute('data-visible', 'false');
  await expect(after.launcher).toBeHidden();
  expect((await explain(after)).rules[0].when.fact).toMatch(/^closed until /);
  // Both edges pass while the page is open: no reload, no request, only the frame's own wake-up.
  const minute = (at) => Math.floor(at / 60_000) * 60_000;
  const opensAt = minute(Date.now()) + 60_000;
  const waiting = await keepHours(opensAt, opensAt + 60_000);
  await expect(waiting.launcher).toBeHidden();
  await expect(waiting.launcher).toBeVisible({ timeout: 65_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(opensAt);
  await expect(waiting.launcher).toBeHidden({ timeout: 65_000 });
  expect(Date.now()).toBeGreaterThanOrEqual(opensAt + 60_000);
});

test('seconds on the page: the launcher comes after five seconds and not before', async ({ newVisitor }) => {
  const visitor = await newVisitor();
  await visitor.visit('/demo/rules/dwell.html');
  await expect(verdict(visitor)).toHaveAttribute('data-visible', 'false');
  const early = await explain(visitor);
  expect(early.is_visible).toBe(false);
  expect(early.wake_at).toBeTruthy();
  await expect(visitor.launcher).toBeVisible({ timeout: 8_000 });
  const openMs = await visitor.page.evaluate(() => performance.now());
  expect(openMs).toBeGreaterThan(4_900);
  expect((await explain(visitor)).rules[0].matched).toBe(true);
});

test('n-th visit: nothing on the first visit, the launcher on the second, half an hour later', async ({ newVisitor }) => {
  const visitor = await newVisitor();
  await visitor.visit('/demo/rules/visit.html');
  await expect(verdict(visitor)).toHaveAttribute('data-visible', 'false');
  await visitor.page.reload();
  await expect(verdict(visitor)).toHaveAttribute('data-visible', 'false');
  await expect(visitor.launcher).toBeHidden();
  await visitor.page.clock.setSystemTime(new Date(Date.now() + 31 * 60_000));
  await visitor.visit('/demo/rules/visit.html');
  await expect(visitor.launcher).toBeVisible();
  expect((await explain(visitor)).rules[0].when.fact).toBe('visit 2');
});

test('a page without rules explains that nothing stands against the chat', async ({ newVisitor }) => {
  const visitor = await newVisitor();
  await visitor.visit('/demo/rules/');
  await expect(visitor.launcher).toBeVisible();
  await expect(verdict(visitor)).toHaveAttribute('data-visible', 'true');
  const decision = await explain(visitor);
  expect(decision).toMatchObject({ is_visible: true, reason: 'default', rules: [] });
});

test('an open conversation is not torn away when the last agent leaves', async ({ newVisitor, newAgent }) => {
  const agent = await newAgent('ana');
  const visitor = await newVisitor();
  await visitor.visit('/demo/rules/online.html');
  await expect(visitor.launcher).toBeVisible();
  await visitor.openChat();
  await visitor.say('I am in the middle of something');
  await agent.page.close();
  await expect.poll(async () => (await explain(visitor)).reason).toBe('open_conversation');
  await expect(visitor.panel).toBeVisible();
});
