// Words that must not leave a page, one for each place that can be masked, made anew for every run.

/** Makes canaries; each remembers its place, so that a leak can be named. */
export class Canaries {
  #places = new Map();

  /** A word for a place, unlike any other. @param {string} place */
  word(place) {
    const word = `kanari${Math.random().toString(36).slice(2, 12).padEnd(10, 'q')}`;
    this.#places.set(word, place);
    return word;
  }

  /** A number that reads like a card's, in groups set apart by `gap`. @param {string} place @param {number} length @param {string} gap */
  card(place, length, gap = '') {
    const digits = ['4', ...Array.from({ length: length - 2 }, () => String(Math.floor(Math.random() * 10)))];
    const sum = digits.reduce((total, digit, at) => {
      const value = Number(digit) * ((length - at) % 2 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    const number = [...digits, String((10 - (sum % 10)) % 10)].join('');
    const written = number.match(/.{1,4}/g).join(gap);
    this.#places.set(written, place);
    return written;
  }

  /** Gives the places whose word is in the bytes, as they stand and as two-byte characters. @param {Buffer} bytes */
  leakedIn(bytes) {
    const isIn = (word) => bytes.includes(Buffer.from(word)) || bytes.includes(Buffer.from(word, 'utf16le'));
    return [...this.#places].filter(([word]) => isIn(word)).map(([, place]) => place);
  }

  get places() {
    return [...this.#places.values()];
  }
}

/** A page with a canary in every place that is masked whatever the site says. @param {Canaries} canaries @param {string} title */
export function pageOfCanaries(canaries, title = canaries.word('title')) {
  const c = (place) => canaries.word(place);
  return `<!doctype html><html data-tandem-mask><head><title>${title}</title></head><body data-tandem-unmask>
    <p id="seen">Nothing secret here</p>
    <input type="password" value="${c('password attribute')}" data-copy="${c('password data')}" placeholder="${c('password placeholder')}">
    <input type="hidden" value="${c('hidden')}"><input autocomplete="cc-number" value="${c('card field')}" aria-label="${c('card label')}">
    <input autocomplete="one-time-code" value="${c('one-time code')}"><input name="cvc" value="${c('cvc')}">
    <select autocomplete="cc-exp-month"><option value="${c('secret option value')}" label="${c('secret option label')}">${c('secret option text')}</select>
    <div id="fields" data-tandem-mask>
      <input value="${c('value')}" title="${c('field title')}" placeholder="${c('placeholder')}" aria-valuetext="${c('aria value')}" data-value="${c('field data')}">
      <textarea placeholder="${c('area placeholder')}">${c('area')}</textarea>
      <select title="${c('select title')}"><option value="${c('option value')}">${c('option text')}<option label="${c('option label')}">x</select>
      <button value="${c('button value')}" title="${c('button title')}">${c('button text')}</button>
      <datalist><option value="${c('datalist value')}">${c('datalist text')}</option></datalist>
    </div>
    <div id="masked" data-tandem-mask title="${c('masked title')}" data-note="${c('masked data')}" aria-description="${c('masked aria')}">
      <p>${c('masked text')}</p><img alt="${c('masked alt')}" src="/${c('masked source')}.png" srcset="/${c('masked source set')}.png 2x">
      <a href="/${c('masked link')}">${c('masked link text')}</a><svg><title>${c('svg title')}</title><text>${c('svg text')}</text><image href="/${c('svg image')}.png"/></svg>
      <math><mtext>${c('math text')}</mtext></math><video poster="/${c('poster')}.png" src="/${c('video source')}.webm"></video>
      <style>#masked b::after{content:attr(data-shown)}</style><b data-shown="${c('attr() content')}"></b>
      <p style="--own:'${c('style text')}';background:url(/${c('style address')})">x</p><details><summary>${c('summary')}</summary>${c('details')}</details>
      <x-card><template shadowrootmode="open"><p title="${c('shadow title')}">${c('shadow text')}</p></template>${c('slotted')}</x-card>
      <iframe srcdoc="<p title='${c('frame title')}'>${c('frame text')}</p>"></iframe><canvas width="400" height="60">${c('canvas fallback')}</canvas>
      <dialog open>${c('dialog')}</dialog><p popover="manual">${c('popover')}</p><label for="x">${c('label')}</label><table><caption>${c('caption')}</caption></table>
    </div>
    <div data-tandem-block class="${c('blocked class')}" title="${c('blocked title')}"><p>${c('blocked text')}</p></div>
    <div contenteditable data-tandem-mask>${c('edited')}</div>
    <p>Paid with ${canaries.card('card in text', 16)} and ${canaries.card('card with blanks', 16, ' ')}, 12 ${canaries.card('card after digits', 16, ' ')} or</p>
    <p title="${canaries.card('card in a title', 15)}">${canaries.card('card with dashes', 19, '-')} or ${canaries.card('short card', 13)}.</p>
    <a href="/next?token=${c('query')}#${c('fragment')}">On</a><form action="/${c('action')}"></form>
    <script>window.own = '${c('script')}'</script><template><p>${c('template')}</p></template><noscript>${c('noscript')}</noscript><!-- ${c('comment')} -->
    <meta name="csrf" content="${c('meta content')}"><object data="/object?${c('object')}"></object><iframe src="/inner?${c('frame query')}"></iframe>
    <p id="late">Plain for now</p><input id="shown" value="Seen at first">
  </body></html>`;
}

/** What happens to that page while it is shared: everything that was plain becomes secret, and then says a canary. */
export async function toggle(page, canaries, { keepsAddress = false } = {}) {
  const words = Array.from({ length: 12 }, (_, at) => canaries.word(`toggled ${at}`));
  await page.evaluate(async ({ words, keepsAddress }) => {
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const find = (selector) => document.querySelector(selector);
    const say = (at, write) => write(words[at]);
    const late = find('#late');
    late.setAttribute('data-tandem-mask', '');
    say(0, (word) => { late.firstChild.data = word; });
    say(1, (word) => late.setAttribute('title', word));
    const shown = find('#shown');
    shown.type = 'password';
    say(2, (word) => { shown.value = word; });
    await wait(100);
    shown.type = 'text';
    say(3, (word) => shown.setAttribute('value', word));
    shown.dispatchEvent(new Event('input', { bubbles: true }));
    say(4, (word) => { find('#masked p').firstChild.data = word; });
    say(5, (word) => find('#masked').append(Object.assign(document.createElement('i'), { textContent: word, title: word })));
    await wait(100);
    // What was masked is moved out and in again, and what was plain is moved in before it says anything.
    const moved = document.createElement('p');
    document.body.append(moved);
    await wait(100);
    find('#masked').append(moved);
    say(6, (word) => { moved.textContent = word; });
    if (!keepsAddress) {
      say(7, (word) => { document.title = word; });
      say(8, (word) => history.replaceState(null, '', `?q=${word}#${word}`));
    }
    say(9, (word) => { find('#masked x-card').shadowRoot.querySelector('p').textContent = word; });
    say(10, (word) => { find('#masked iframe').contentDocument.body.append(word); });
    say(11, (word) => {
      const field = document.createElement('input');
      field.type = 'password';
      field.value = word;
      document.body.append(field);
      field.type = 'text';
    });
    const context = find('#masked canvas').getContext('2d');
    context.fillText(words[0], 10, 30);
    getSelection().selectAllChildren(late);
    await wait(1_500);
  }, { words, keepsAddress });
}
