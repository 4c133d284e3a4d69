//! What an agent shows on the visitor's page: a pointer with a name, in a closed shadow root beside the body. The
//! page's own nodes and styles are not touched, and the recorder does not see it.

const STYLES = `
:host{all:initial;position:fixed;inset:0;z-index:2147483647;pointer-events:none;contain:strict}
.agent{position:absolute;inset:0 auto auto 0;filter:drop-shadow(0 1px 2px #0008);transition:transform .06s linear}
.agent[hidden]{display:none}
.arrow{width:20px;height:24px;background:#4f46e5;clip-path:polygon(8% 4%,8% 82%,30% 64%,46% 97%,62% 90%,47% 58%,77% 55%)}
.name{position:absolute;inset:20px auto auto 14px;padding:2px 8px;border-radius:10px;white-space:nowrap;font:600 12px/1.4 system-ui,sans-serif;color:#fff;background:#4f46e5}
.name:empty{display:none}
.ring{position:absolute;inset:-14px auto auto -14px;width:28px;height:28px;border-radius:50%;border:3px solid #4f46e5;box-sizing:border-box;opacity:0}
.pressed .ring{animation:press .6s ease-out}
@keyframes press{0%{opacity:.9;transform:scale(.4)}to{opacity:0;transform:scale(1.6)}}
@media (prefers-reduced-motion:reduce){.agent{transition:none}.pressed .ring{animation:none;opacity:.8}}
.agent{}
`;

/** A pointer that has not moved for this long is taken away. */
const REST_MS = 8_000;

export class Overlay {
  #host = document.createElement('div');
  #agent = document.createElement('div');
  #name = document.createElement('div');
  #timer = 0;
  /** @type {CSSStyleRule} */
  #place;

  constructor() {
    this.#host.setAttribute('data-tandem-host', 'agent');
    this.#host.setAttribute('aria-hidden', 'true');
    const root = this.#host.attachShadow({ mode: 'closed' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    // The pointer is moved by the last rule, not by an attribute, which a page's policy may refuse.
    this.#place = /** @type {CSSStyleRule} */ (sheet.cssRules[sheet.cssRules.length - 1]);
    this.#agent.className = 'agent';
    this.#agent.hidden = true;
    this.#name.className = 'name';
    this.#agent.append(part('ring'), part('arrow'), this.#name);
    root.append(this.#agent);
    document.documentElement.append(this.#host);
  }

  /** Shows the agent's pointer. @param {number} x @param {number} y @param {number} phase 0 moved, 1 pressed, 2 left @param {string} name */
  point(x, y, phase, name) {
    window.clearTimeout(this.#timer);
    if (this.#name.textContent !== name) this.#name.textContent = name;
    this.#agent.hidden = phase === 2;
    this.#place.style.setProperty('transform', `translate(${x}px, ${y}px)`);
    if (phase === 1) {
      this.#agent.classList.remove('pressed');
      // Reading the layout once lets the animation begin anew.
      void this.#agent.offsetWidth;
      this.#agent.classList.add('pressed');
    }
    this.#timer = window.setTimeout(() => (this.#agent.hidden = true), REST_MS);
  }

  remove() {
    window.clearTimeout(this.#timer);
    this.#host.remove();
  }
}

/** @param {string} name */
function part(name) {
  const element = document.createElement('div');
  element.className = name;
  return element;
}
