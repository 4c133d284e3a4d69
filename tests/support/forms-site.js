// A customer's site with forms of every make: plain HTML, React, Vue, a rich-text editor, a menu that opens on hover,
// and things that only the visitor may touch.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { scriptTag, startSite } from './site.js';

/** @param {string} path of a file of a package */
const find = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
const LIBRARIES = {
  '/react.js': find('react/umd/react.production.min.js'),
  '/react-dom.js': find('react-dom/umd/react-dom.production.min.js'),
  '/vue.js': find('vue/dist/vue.global.prod.js'),
  '/quill.js': find('quill/dist/quill.js'),
};

const PLAIN = `
  <h1>Plain</h1>
  <form id="form" onsubmit="event.preventDefault(); result.textContent = new URLSearchParams(new FormData(form))">
    <label>Name <input name="name" maxlength="10"></label>
    <label>Mail <input name="mail" type="email"></label>
    <label>Height <input name="height" type="number" step="0.1"></label>
    <label>Note <textarea name="note"></textarea></label>
    <label data-tandem-unmask>Size <select name="size"><option value="s">Small</option><option value="l">Large</option></select></label>
    <label>Gift <input name="gift" type="checkbox"></label>
    <button>Send</button>
  </form>
  <p id="result"></p>
  <p id="events"></p>
  <script>
    const seen = [];
    for (const type of ['keydown', 'beforeinput', 'input', 'change', 'pointerdown', 'mousedown', 'focusin', 'pointerup', 'mouseup', 'click']) {
      document.querySelector('[name=name]').addEventListener(type, (event) => {
        seen.push(event.type);
        events.textContent = seen.join(' ');
      });
    }
  </script>`;

const REACT = `
  <h1>React</h1>
  <div id="root"></div>
  <script src="/react.js"></script><script src="/react-dom.js"></script>
  <script>
    const { createElement: make, useState } = React;
    const Form = () => {
      const [name, setName] = useState('');
      const [isOn, setOn] = useState(false);
      const [count, setCount] = useState(0);
      return make('div', null,
        make('label', null, 'Name ', make('input', { name: 'name', value: name, onChange: (event) => setName(event.target.value.toUpperCase()) })),
        make('label', null, 'Gift ', make('input', { type: 'checkbox', name: 'gift', checked: isOn, onChange: (event) => setOn(event.target.checked) })),
        make('button', { onClick: () => setCount(count + 1) }, 'More'),
        make('p', { id: 'result' }, name + '|' + isOn + '|' + count));
    };
    ReactDOM.createRoot(document.getElementById('root')).render(make(Form));
  </script>`;

const VUE = `
  <h1>Vue</h1>
  <div id="app">
    <label>Name <input name="name" v-model="name"></label>
    <label data-tandem-unmask>Size <select name="size" v-model="size"><option value="s">Small</option><option value="l">Large</option></select></label>
    <button @click="count++">More</button>
    <p id="result">{{ name }}|{{ size }}|{{ count }}</p>
  </div>
  <script src="/vue.js"></script>
  <script>Vue.createApp({ data: () => ({ name: '', size: 's', count: 0 }) }).mount('#app')</script>`;

const EDITOR = `
  <h1>Editor</h1>
  <div id="editor" style="height: 120px"></div>
  <p id="result"></p>
  <script src="/quill.js"></script>
  <script>
    const quill = new Quill('#editor');
    quill.on('text-change', () => { result.textContent = JSON.stringify(quill.getText()); });
  </script>`;

const MENU = `
  <h1>Menu</h1>
  <div id="menu" style="width: 200px; background: #eee">
    <button>Goods</button>
    <ul id="list" hidden><li><button id="cups" onclick="result.textContent = 'cups'">Cups</button></li></ul>
  </div>
  <p id="result"></p>
  <script>
    menu.onmouseenter = () => { list.hidden = false; };
    menu.onmouseleave = () => { list.hidden = true; };
  </script>`;

const FORBIDDEN = `
  <h1>Forbidden</h1>
  <p><input name="password" type="password" aria-label="password"> <input type="file" aria-label="file"></p>
  <p><input name="card" autocomplete="cc-number" aria-label="card"></p>
  <p><button id="masked" data-tandem-mask onclick="log('masked')">Masked</button></p>
  <p><button id="ours" data-tandem-no-control onclick="log('no-control')">Delete everything</button></p>
  <p><a id="download" download href="/file.txt" onclick="log('download')">Download</a></p>
  <p><a id="window" target="_blank" href="/plain" onclick="log('window')">New window</a></p>
  <p><a id="script" href="javascript:log('script')">Script</a></p>
  <p><a id="elsewhere" href="https://example.com/" onclick="log('elsewhere'); event.preventDefault()">Elsewhere</a></p>
  <p><a id="next" href="/plain" onclick="log('next'); event.preventDefault()">Next page</a></p>
  <p><input type="date" aria-label="date" onclick="log('date')"></p>
  <p><button id="opens" onclick="log(String(window.open('/plain')))">Opens</button></p>
  <p><a href="https://example.com/" onclick="log('shadow'); event.preventDefault()"><x-icon></x-icon></a></p>
  <svg width="90" height="20"><a href="javascript:log('svg')"><text id="vector" y="15">Vector</text></a></svg>
  <p><label id="label">Locked <input data-tandem-no-control type="checkbox" onclick="log('locked')"></label></p>
  <form onsubmit="log('sent'); return false"><input name="order" aria-label="order"><button data-tandem-no-control>Pay</button></form>
  <button id="under" style="position: fixed; right: 34px; bottom: 34px" onclick="log('under')">!</button>
  <p id="result"></p>
  <script>document.querySelector('x-icon').attachShadow({ mode: 'open' }).innerHTML = '<b id="icon">Icon</b>';</script>
  <script>const log = (word) => { result.textContent += word + ' '; };</script>`;

const PAGES = { '/plain': PLAIN, '/react': REACT, '/vue': VUE, '/editor': EDITOR, '/menu': MENU, '/forbidden': FORBIDDEN };

/** Serves the pages at paths of their names. @param {string} origin of the server */
export function startForms(origin) {
  return startSite(async (path) => {
    if (LIBRARIES[path]) {
      return { headers: { 'content-type': 'text/javascript; charset=utf-8' }, body: await readFile(LIBRARIES[path]) };
    }
    const body = PAGES[path];
    return body && {
      body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Forms</title>
        <style>body { font: 16px sans-serif; margin: 20px } label { display: block; margin: 8px 0 }</style>
        ${scriptTag(origin)}</head><body>${body}</body></html>`,
    };
  });
}
