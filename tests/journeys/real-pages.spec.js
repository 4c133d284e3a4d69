// Pages nobody here wrote: the toolchain's documentation with the script tag added.
import { startDocsSite } from '../support/docs-site.js';
import { canonicalTree } from '../support/canonical-tree.js';
import { expect, picture, startChat, test } from '../support/journey.js';

/** Address, and at least how many nodes it has. */
const PAGES = [
  ['/std/option/enum.Option.html', 4_000],
  ['/book/ch04-01-what-is-ownership.html', 1_000],
  ['/std/vec/struct.Vec.html', 20_000],
];

test('the chat works on a page of the documentation and goes along its links', async ({ tandem, newVisitor, newAgent, closing }) => {
  const docs = await closing(startDocsSite(tandem.origin));
  const chat = await startChat({ newVisitor, newAgent }, 'What does Option mean?', `${docs.origin}/std/option/index.html`);
  const { visitor, agent } = chat;
  await agent.say('Something or nothing.');
  await expect(visitor.message('Something or nothing.')).toBeVisible();
  await visitor.page.goto(`${docs.origin}/std/result/index.html`);
  await visitor.showChat();
  await expect(visitor.message('Something or nothing.')).toBeVisible();
  expect(visitor.ownExceptions).toEqual([]);
});

for (const [path, nodesMin] of PAGES) {
  test(`the agent’s copy of ${path} equals the page, node for node and word for word`, async ({ tandem, newVisitor, newAgent, closing }) => {
    test.slow();
    const docs = await closing(startDocsSite(tandem.origin));
    const { visitor, agent } = await startChat({ newVisitor, newAgent }, 'Look at this page', docs.origin + path);
    const nodes = await visitor.page.evaluate(countNodes);
    expect(nodes).toBeGreaterThan(nodesMin);
    await agent.page.setViewportSize({ width: 1440, height: 900 });
    await agent.askToShare();
    await visitor.allowSharing();
    await expectSameTree(visitor, agent);

    // And once more after changes of every kind.
    await visitor.page.evaluate(changeThePage);
    await expect(agent.stage.locator('#added-by-test')).toHaveText('Added');
    await expectSameTree(visitor, agent);
    const name = path.split('/').pop().replace('.html', '');
    await picture(visitor.page, `real-${name}-visitor`);
    await picture(agent.page, `real-${name}-agent`);
    expect(visitor.ownExceptions).toEqual([]);
    expect(agent.exceptions).toEqual([]);
  });
}

/** Waits until both trees have settled to the same text; on failure the first difference is shown. */
async function expectSameTree(visitor, agent) {
  const stage = await agent.stageFrame();
  const source = canonicalTree.toString();
  const read = (frame, side) => frame.evaluate(([text, which]) => {
    // The function comes as text, since it has to run inside the page.
    const tree = Function(`return (${text})`)();
    return tree(document, which);
  }, [source, side]);
  let difference;
  await expect
    .poll(async () => {
      difference = firstDifference(await read(visitor.page, 'live'), await read(stage, 'stage'));
      return difference;
    }, { timeout: 30_000 })
    .toBeUndefined();
}

function firstDifference(live, stage) {
  const [ours, theirs] = [live.split('\n'), stage.split('\n')];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at < 0 && ours.length === theirs.length) return undefined;
  const line = at < 0 ? ours.length : at;
  return { line, page: ours.slice(Math.max(0, line - 2), line + 3), stage: theirs.slice(Math.max(0, line - 2), line + 3) };
}

function countNodes() {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let count = 0;
  while (walker.nextNode()) count += 1;
  return count;
}

/** Adds, removes, moves and rewrites nodes all over the page. */
function changeThePage() {
  const paragraphs = [...document.querySelectorAll('main p')];
  paragraphs[0].textContent = 'Rewritten';
  paragraphs[1]?.remove();
  paragraphs[2]?.parentNode.append(paragraphs[2]);
  paragraphs[3]?.setAttribute('title', 'A new title');
  paragraphs[3]?.classList.add('new-class');
  const added = document.createElement('section');
  added.id = 'added-by-test';
  added.append('Add', document.createElement('b'), 'ed');
  document.querySelector('main').prepend(added);
  for (let index = 0; index < 300; index += 1) {
    const row = document.createElement('div');
    row.append(`row ${index}`, document.createElement('i'));
    document.querySelector('main').append(row);
  }
}
