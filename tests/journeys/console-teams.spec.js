// Admins look after the teams; agents see what becomes of them at once.
import { expect, test } from '../support/journey.js';

test('an admin makes a team, changes it and deletes it', async ({ tandem, newAgent }) => {
  const admin = await newAgent('admin');
  const ana = await newAgent('ana');
  await expect(ana.page.getByTestId('teams')).toHaveCount(0);
  await admin.page.getByTestId('teams').click();
  const rows = admin.page.getByTestId('team-row');
  await expect(rows).toHaveCount(2);

  await admin.page.getByTestId('team-new').click();
  await admin.page.getByTestId('team-name').fill('Returns');
  await admin.page.getByTestId('team-form').getByLabel('Ana').check();
  await admin.page.getByTestId('team-save').click();
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: 'Returns' })).toContainText('1 agent');
  await ana.page.getByTestId('filter').click();
  await expect(ana.page.getByTestId('filter-team')).toContainText('Returns');

  await rows.filter({ hasText: 'Returns' }).click();
  await admin.page.getByTestId('team-name').fill('Sales');
  await admin.page.getByTestId('team-save').click();
  await expect(admin.page.getByTestId('team-fault')).toContainText('Another team has this name');
  await admin.page.getByTestId('team-name').fill('Returns and repairs');
  await admin.page.getByTestId('team-form').getByLabel('Ben').check();
  await admin.page.getByTestId('team-save').click();
  await expect(rows.filter({ hasText: 'Returns and repairs' })).toContainText('2 agents');
  const { teams } = await tandem.api('teams');
  expect(teams.map((team) => team.name)).toEqual(['Returns and repairs', 'Sales', 'Support']);

  await admin.page.getByTestId('team-delete').click();
  await expect(admin.page.getByTestId('confirm')).toContainText('Returns and repairs');
  await admin.page.getByTestId('confirm-yes').click();
  await expect(rows).toHaveCount(2);
  await expect(ana.page.getByTestId('filter-team')).not.toContainText('Returns');
  await admin.page.getByTestId('teams-back').click();
  await expect(admin.inbox).toBeVisible();
});

test('what an admin types stays when somebody else changes the same team', async ({ tandem, newAgent }) => {
  const admin = await newAgent('admin');
  await admin.page.getByTestId('teams').click();
  await admin.page.getByTestId('team-row').filter({ hasText: 'Sales' }).click();
  await admin.page.getByTestId('team-name').fill('Sales and more');
  const { teams } = await tandem.api('teams');
  const { team_id, name } = teams.find((team) => team.name === 'Sales');
  await tandem.api(`teams/${team_id}`, { method: 'PUT', body: JSON.stringify({ name, agent_ids: [] }) });
  await expect(admin.page.getByTestId('team-fault')).toContainText('changed this team in the meantime');
  await expect(admin.page.getByTestId('team-name')).toHaveValue('Sales and more');
});
