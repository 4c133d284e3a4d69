// The pages that are captured: generated ones of a given number of nodes, and the largest of the documentation.

/** The two largest pages of the toolchain's documentation that are no listings of source. */
const DOCUMENTATION = ['/reference/print.html', '/core/arch/x86_64/index.html'];

/** Every page with its address on the bench's site; `markup` is missing where the site has a file. */
export const PAGES = [
  { name: 'table 10k', path: '/table-10k', markup: table(10_000) },
  { name: 'app 10k', path: '/app-10k', markup: app(10_000) },
  { name: 'table 50k', path: '/table-50k', markup: table(50_000) },
  { name: 'app 50k', path: '/app-50k', markup: app(50_000) },
  ...DOCUMENTATION.map((path) => ({ name: `docs ${path.split('/').slice(1, -1).pop()}`, path })),
];

/** A table of plain cells: about `nodes` elements and texts. */
function table(nodes) {
  const rows = [];
  for (let row = 0; row < nodes / 11; row += 1) {
    const cells = [row, `Customer ${row * 7}`, `${(row * 37) % 1000}.${row % 10}0`, row % 3 ? 'open' : 'closed'];
    rows.push(`<tr class="row${row % 2 ? ' odd' : ''}" data-row="${row}"><td>${cells.slice(0, 3).join('</td><td>')}</td>`
      + `<td class="state"><span>${cells[3]}</span></td></tr>`);
  }
  return `<style>td{padding:2px 8px;border-bottom:1px solid #ddd}.odd{background:#f6f6f6}</style><table><tbody>${rows.join('')}</tbody></table>`;
}

/** Cards as applications have them: nested boxes, generated class names, pictures in SVG, buttons, fields and links. */
function app(nodes) {
  const cards = [];
  for (let card = 0; card < nodes / 29; card += 1) {
    cards.push(`<article class="Card_root__x${card % 7} elevated" id="card-${card}" data-key="k${card}" role="listitem">
<header class="Card_head__${card % 3}"><svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M${card % 24} 2v20M2 ${card % 20}h20"></path></svg>
<h3 class="title">Item ${card}</h3><span class="badge badge-${card % 5}" title="State ${card % 5}">${card % 100}</span></header>
<p class="text">A sentence about item number ${card}, as long as such sentences are.</p>
<label>Amount <input name="amount-${card}" type="number" value="${card % 9}"></label>
<footer><button type="button" class="btn primary" aria-label="Buy item ${card}">Buy</button><a class="link" href="/items/${card}">More</a></footer></article>`);
  }
  return `<style>article{border:1px solid #ddd;margin:4px;padding:8px}.badge{border-radius:8px}</style><main role="list">${cards.join('')}</main>`;
}

/** A page with fields and some nodes, whose container is changed; it is not painted, as layout would drown the rest. */
export const CHANGING = {
  path: '/changing',
  markup: '<h1>A page that changes</h1><form><input name="a"><input name="b" type="checkbox"><select><option>1<option>2</select></form><div id="container" style="display:none"></div>',
};
