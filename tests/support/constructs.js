// One page for each construct that a copy of a page may get wrong: its markup, what happens to it while it is shared,
// and what the stage has to show of it beside the tree, the styles and the picture.

/** The share of pixels that may differ: what two ways to smooth edges and to compress a picture make. */
export const PIXELS_MAX = 0.004;

const paint = `
  const context = document.querySelector('canvas').getContext('2d');
  context.fillStyle = '#c33'; context.fillRect(10, 10, 120, 60);
  context.fillStyle = '#36c'; context.beginPath(); context.arc(200, 80, 50, 0, 7); context.fill();`;

const paint3d = `
  const gl = document.querySelector('canvas').getContext('webgl');
  const draw = () => { gl.clearColor(0.1, 0.6, 0.3, 1); gl.clear(gl.COLOR_BUFFER_BIT); requestAnimationFrame(draw); };
  draw();`;

/** The picture of an element has come when the stage has an address for it. */
const pictured = (top) => /data:image\//.test(top.querySelector('canvas')?.style.content ?? '') && !/svg/.test(top.querySelector('canvas').style.content);

/**
 * @typedef {object} Construct
 * @property {string} name @property {string} html the body, or a whole document
 * @property {Record<string, object>} [files] @property {object} [options] of the recorder
 * @property {(page: any) => Promise<void>} [change] what happens once the page is shared
 * @property {(top: Document) => unknown} [until] runs on the stage; the comparison begins when it says so
 * @property {(top: Document) => unknown} [shows] runs on the stage @property {unknown} [expected] what that gives
 * @property {number} [pixelsMax] @property {boolean} [isMasked] text is not what it is on the page, so boxes differ
 */

/** @type {Construct[]} */
export const CONSTRUCTS = [
  {
    name: 'frames of the same origin, one inside another',
    html: '<h1>Outside</h1><iframe src="/inner" width="400" height="200"></iframe><iframe srcdoc="<!doctype html><p>Given in place</p>"></iframe>',
    files: {
      '/inner': { body: '<!doctype html><style>p{color:teal}</style><p>Inside</p><iframe src="/innermost"></iframe>' },
      '/innermost': { body: '<!doctype html><b>Innermost</b>' },
    },
    change: (page) => page.evaluate(() => {
      const inner = document.querySelector('iframe').contentDocument;
      inner.querySelector('p').textContent = 'Inside, changed';
      inner.body.append(Object.assign(inner.createElement('u'), { textContent: 'and more' }));
    }),
  },
  {
    name: 'open and closed shadow roots with slots',
    html: `<style>b{color:red}</style><x-card><template shadowrootmode="open"><style>b{color:green}:host{display:block;border:2px solid}</style>
      <b>In the shadow</b><slot name="top"></slot><slot></slot></template><i slot="top">Slotted</i><b>In the light</b></x-card><div id="late"></div>`,
    change: (page) => page.evaluate(() => {
      const root = document.querySelector('#late').attachShadow({ mode: 'closed' });
      root.innerHTML = '<style>p{background:gold}</style><p>Closed</p>';
      window.closedRoots = new WeakMap([[root.host, root]]);
    }),
    shows: (top) => top.querySelector('#late').shadowRoot.querySelector('p').textContent,
    expected: 'Closed',
  },
  {
    name: 'adopted sheets and sheets that scripts edit',
    html: '<style id="own">p{color:teal}</style><p>One</p><em>Two</em><s>Three</s>',
    change: (page) => page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('em{font-size:40px}');
      document.adoptedStyleSheets = [sheet];
      sheet.insertRule('em{color:purple}');
      document.querySelector('#own').sheet.insertRule('s{background:#ff0}');
    }),
  },
  {
    name: 'linked sheets that import others',
    html: '<link rel="stylesheet" href="/a.css"><p>Imported</p>',
    files: {
      '/a.css': { headers: { 'content-type': 'text/css' }, body: '@import "/b.css"; p{font-size:30px;background:url(/dot.svg)}' },
      '/b.css': { headers: { 'content-type': 'text/css' }, body: 'p{color:teal}' },
      '/dot.svg': { headers: { 'content-type': 'image/svg+xml' }, body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="3" fill="red"/></svg>' },
    },
  },
  {
    name: 'images whose address is a blob',
    html: '<p>Before</p><img id="blob" width="200" height="100"><p>After</p>',
    change: (page) => page.evaluate(async () => {
      const canvas = new OffscreenCanvas(200, 100);
      const context = canvas.getContext('2d');
      context.fillStyle = 'rgb(20 120 60)';
      context.fillRect(0, 0, 200, 100);
      const image = document.querySelector('#blob');
      image.src = URL.createObjectURL(await canvas.convertToBlob());
      await image.decode();
      URL.revokeObjectURL(image.src);
    }),
    until: (top) => top.querySelector('#blob').src.startsWith('data:image/'),
  },
  {
    name: 'fonts',
    html: '<style>@font-face{font-family:Own;src:url(/own.woff2)}p{font:30px Own}</style><p>Set in a font of its own</p>',
    change: (page) => page.evaluate(() => document.fonts.load('30px Own')),
    until: (top) => [...top.fonts].some((font) => font.status === 'loaded'),
  },
  {
    name: 'a video that plays a while and is paused, with the picture it stands at',
    html: '<style>video{width:320px;height:200px;background:#000}</style><video muted></video><p>Below</p>',
    change: (page) => page.evaluate(async () => {
      // The page films a canvas, as no film lies beside the tests.
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [160, 100];
      const context = canvas.getContext('2d');
      const film = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
      const pieces = [];
      film.ondataavailable = ({ data }) => pieces.push(data);
      const ended = new Promise((resolve) => { film.onstop = resolve; });
      film.start();
      const began = performance.now();
      await new Promise((done) => {
        const draw = () => {
          context.fillStyle = '#2a7';
          context.fillRect(0, 0, 160, 100);
          if (performance.now() - began > 1_800) done();
          else requestAnimationFrame(draw);
        };
        draw();
      });
      film.stop();
      await ended;
      const video = document.querySelector('video');
      video.src = URL.createObjectURL(new Blob(pieces, { type: 'video/webm' }));
      await video.play();
      await new Promise((resolve) => video.addEventListener('timeupdate', () => video.currentTime > 1.05 && resolve(), false));
      video.pause();
    }),
    until: (top) => top.querySelector('video').dataset.tandemMedia === 'paused' && top.querySelector('video').poster.startsWith('data:image/'),
    shows: (top) => top.querySelector('video').dataset.tandemPosition,
    expected: '1',
  },
  { name: 'a canvas', html: `<style>canvas{border:3px solid;width:450px}</style><canvas width="300" height="150">Words instead</canvas><script>${paint}</script>`, until: pictured },
  {
    name: 'a canvas in three dimensions, which forgets what it has painted',
    html: `<canvas width="200" height="100"></canvas><script>${paint3d}</script>`,
    until: pictured,
  },
  {
    name: 'SVG',
    html: `<svg width="300" height="120" viewBox="0 0 300 120"><defs><linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient>
      <symbol id="s" viewBox="0 0 10 10"><rect width="10" height="10"/></symbol></defs><rect width="300" height="60" fill="url(#g)"/><use href="#s" x="10" y="70" width="30" height="30"/>
      <text x="60" y="100" font-size="20">Words</text><foreignObject x="160" y="70" width="120" height="40"><p style="margin:0">HTML inside</p></foreignObject></svg>`,
    change: (page) => page.evaluate(() => document.querySelector('rect').setAttribute('height', '40')),
  },
  { name: 'MathML', html: '<math display="block"><mfrac><mi>a</mi><msqrt><mn>2</mn></msqrt></mfrac><mo>=</mo><mtext>x</mtext></math>' },
  {
    name: 'custom elements, which are defined on the page and never on the stage',
    html: `<style>x-box:not(:defined){visibility:hidden}x-box:defined{color:teal}</style><x-box>Shown</x-box>
      <script>customElements.define('x-box', class extends HTMLElement { connectedCallback() { this.style.fontSize = '30px'; } })</script>`,
  },
  {
    name: 'a modal dialog above everything',
    html: `<style>dialog::backdrop{background:rgb(0 0 60 / .5)}.high{position:fixed;z-index:99999;inset:0 0 auto;height:300px;background:tan}</style>
      <p class="high">Highest of the page</p><div style="overflow:hidden;height:1px"><dialog><h2>Above</h2><form method="dialog"><button>Fine</button></form></dialog></div>`,
    change: (page) => page.evaluate(() => { document.querySelector('dialog').showModal(); document.activeElement.blur(); }),
    until: (top) => top.querySelector('dialog').matches(':modal'),
  },
  {
    name: 'a modal dialog that was open before the sharing began, closed and opened again',
    html: '<dialog>Above</dialog><p>Below</p><script>document.querySelector("dialog").showModal(); document.activeElement.blur()</script>',
    change: async (page) => {
      await page.evaluate(() => document.querySelector('dialog').close());
      await page.waitForTimeout(700);
      await page.evaluate(() => { document.querySelector('dialog').showModal(); document.activeElement.blur(); });
    },
    until: (top) => top.querySelector('dialog').matches(':modal'),
  },
  {
    name: 'popovers',
    html: '<style>[popover]{inset:40px auto auto 300px;margin:0}</style><div popover id="a">Automatic <div popover id="b">and inside it</div></div><div popover="manual" id="c">By hand</div>',
    change: (page) => page.evaluate(() => { for (const id of ['a', 'b', 'c']) document.getElementById(id).showPopover(); }),
    until: (top) => top.querySelectorAll(':popover-open').length === 3,
  },
  {
    name: 'details that open and close',
    html: '<details><summary>One</summary><p>First</p></details><details open><summary>Two</summary><p>Second</p></details>',
    change: (page) => page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = !details.open; }),
    shows: (top) => [...top.querySelectorAll('details')].map((details) => details.open),
    expected: [true, false],
  },
  {
    name: 'what is chosen, ticked and typed where the site lets it be seen',
    html: `<div data-tandem-unmask><select><option>One<option>Two<option>Three</select><select multiple><option>A<option>B<option>C</select>
      <input type="checkbox"><input type="radio" name="r"><input type="radio" name="r"><input value="typed"><textarea>area</textarea><input type="range" value="10"></div>`,
    change: (page) => page.evaluate(() => {
      const [one, many] = document.querySelectorAll('select');
      one.selectedIndex = 2;
      many.options[1].selected = true;
      const inputs = document.querySelectorAll('input');
      inputs[0].checked = inputs[2].checked = true;
      inputs[3].value = 'typed by the visitor';
      inputs[4].value = '80';
      document.querySelector('textarea').value = 'two\nlines';
      one.dispatchEvent(new Event('change', { bubbles: true }));
    }),
    until: (top) => top.querySelector('input[type=range]').value === '80',
    shows: (top) => [top.querySelector('select').value, top.querySelectorAll('input')[2].checked, top.querySelector('textarea').value],
    expected: ['Three', true, 'two\nlines'],
  },
  {
    name: 'what is typed into a part that is edited',
    html: '<div contenteditable="true" style="width:300px;border:1px solid">Was <b>here</b></div><p>Seen</p>',
    change: (page) => page.evaluate(() => { document.querySelector('div').append(' and this was typed'); }),
    isMasked: true,
  },
  {
    name: 'what is selected, from one element into another',
    html: '<p id="one">The first paragraph</p><p id="two">The second paragraph</p>',
    change: (page) => page.evaluate(() => {
      getSelection().setBaseAndExtent(document.querySelector('#two').firstChild, 10, document.querySelector('#one').firstChild, 4);
    }),
    until: (top) => top.defaultView.CSS.highlights.size === 1,
    shows: (top) => [...[...top.defaultView.CSS.highlights.values()][0]].map(String),
    expected: ['first paragraphThe second'],
    pixelsMax: 0.02,
  },
  {
    name: 'the focus, as rules see it',
    html: '<style>input:focus{background:#ffd}form:focus-within{padding:30px}</style><form><input id="field"></form>',
    change: (page) => page.focus('#field'),
    until: (top) => top.querySelector('[data-tandem-focus]')?.id === 'field',
  },
  {
    name: 'the focus on a field that is read anew because it is masked now',
    html: '<input id="field" aria-label="Field" placeholder="Seen before">',
    change: async (page) => {
      await page.focus('#field');
      await page.waitForTimeout(200);
      await page.evaluate(() => document.querySelector('#field').setAttribute('data-tandem-mask', ''));
    },
    until: (top) => top.querySelector('#field[data-tandem-mask]')?.hasAttribute('data-tandem-focus'),
    isMasked: true,
  },
  {
    name: 'a menu that opens on hover',
    html: `<style>ul{display:none;margin:0}nav:hover ul{display:block;color:teal}@media(hover:hover){nav:hover{background:#eee}}</style>
      <nav style="width:200px">Menu<ul><li>First</li><li id="second">Second</li></ul></nav>`,
    change: async (page) => {
      await page.hover('nav');
      await page.hover('#second');
    },
    until: (top) => top.querySelector('#second').hasAttribute('data-tandem-hover'),
    shows: (top) => top.defaultView.getComputedStyle(top.querySelector('ul')).display,
    expected: 'block',
  },
  {
    name: 'a menu that has closed since the pointer left',
    html: '<style>ul{display:none}nav:hover ul{display:block}</style><nav style="width:200px">Menu<ul><li>First</li></ul></nav><p id="away" style="margin-top:200px">Away</p>',
    change: async (page) => {
      await page.hover('nav');
      await page.waitForTimeout(200);
      await page.hover('#away');
    },
    until: (top) => top.querySelector('#away').hasAttribute('data-tandem-hover'),
    shows: (top) => top.defaultView.getComputedStyle(top.querySelector('ul')).display,
    expected: 'none',
  },
  {
    name: 'boxes that scroll, one inside another',
    html: `<div id="outer" style="height:200px;overflow:auto;border:1px solid"><div style="height:600px">Top<div id="inner" style="height:100px;width:200px;overflow:auto;margin-top:150px">
      <div style="height:900px;width:900px;background:linear-gradient(45deg,red,blue)"></div></div></div></div><div style="height:3000px"></div>`,
    change: (page) => page.evaluate(() => {
      document.querySelector('#outer').scrollTo(0, 120);
      document.querySelector('#inner').scrollTo(300, 400);
      scrollTo(0, 40);
    }),
    until: (top) => top.defaultView.scrollY === 40,
    shows: (top) => ['#outer', '#inner'].map((name) => [top.querySelector(name).scrollLeft, top.querySelector(name).scrollTop]),
    expected: [[0, 120], [300, 400]],
  },
  {
    name: 'what is around blocked parts at its place, also after they have changed their size',
    html: `<style>body{margin:0;font:16px/20px sans-serif}p{margin:0}</style><div id="hold" style="width:300px">
      <p data-tandem-block style="margin:20px 0;height:50px">Not told</p><p class="seen">Below</p>
      <div style="display:flex"><span data-tandem-block style="flex:1">Not told</span><span class="seen" style="width:60px">Beside</span></div>
      <div data-tandem-block style="position:absolute;left:9px;top:5px;width:40px;height:30px">Not told</div><p class="seen">After what lies above all</p>
      <div data-tandem-block style="float:left;width:50px;height:20px">Not told</div><span class="seen" style="display:inline-block">After what floats</span></div>`,
    change: (page) => page.evaluate(() => { document.querySelector('#hold').style.width = '500px'; }),
    until: (top) => top.querySelector('#hold span[data-tandem-blocked]').offsetWidth === 440,
    isMasked: true,
    shows: (top) => [...top.querySelectorAll('.seen')].map((seen) => seen.getBoundingClientRect()).map(({ left, top }) => [left, top]),
    expected: [[0, 90], [440, 110], [0, 130], [50, 150]],
  },
  {
    name: 'a page in quirks mode',
    html: '<html><body><style>TABLE{color:teal}.Big{font-size:30px}</style><table width=300><tr><td>Inherits little</table><p class=big>Case does not count</p><img width=50 height=50 style="border:1px solid"></body></html>',
    shows: (top) => top.compatMode,
    expected: 'BackCompat',
  },
  {
    name: 'templates, and texts that stand beside each other or are empty',
    html: '<template><p>Not shown</p></template><p id="texts">One</p><style>p:empty{border:3px solid red}</style><p id="bare"></p>',
    change: (page) => page.evaluate(() => {
      document.querySelector('#texts').append('', 'two', '', 'three');
      document.querySelector('#bare').append('');
    }),
    shows: (top) => [...top.querySelector('#texts').childNodes].map((text) => text.data),
    expected: ['One', '', 'two', '', 'three'],
  },
  {
    name: 'animations',
    html: `<style>@keyframes go{from{margin-left:0}to{margin-left:400px}}p{width:100px;background:gold}
      #held{animation:go 10s linear -5s paused}#ended{animation:go .01s forwards}</style><p id="held">Held</p><p id="ended">Ended</p>`,
    shows: (top) => ['#held', '#ended'].map((name) => top.defaultView.getComputedStyle(top.querySelector(name)).marginLeft),
    expected: ['200px', '400px'],
  },
  {
    name: 'rules for printing, which do not hold',
    html: '<style media="print">p{display:none}</style><style>@media print{p{color:red}}@media screen{p{color:teal}}</style><p>On the screen</p>',
  },
];
