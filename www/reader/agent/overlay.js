//! What an agent shows on the visitor's page: a pointer with a name, a frame around an element, lines that fade, and
//! the word that they may act, in a closed shadow root beside the body. The page's own nodes and styles are not
//! touched, and the recorder does not see it.

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
.label{position:absolute;inset:8px 0 auto;width:fit-content;max-width:90%;margin:0 auto;padding:4px 12px;border-radius:14px;font:600 13px/1.4 system-ui,sans-serif;color:#fff;background:#4f46e5;box-shadow:0 1px 4px #0006}
.label:empty{display:none}
.acting{position:absolute;inset:0;box-shadow:inset 0 0 0 3px #4f46e5}
.label:empty+.acting{display:none}
.mark{position:absolute;inset:0 auto auto 0;box-sizing:border-box;border:3px solid #4f46e5;border-radius:6px;background:#4f46e51f;box-shadow:0 0 0 3px #fff9}
.mark[hidden]{display:none}
svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
path{fill:none;stroke:#4f46e5;stroke-width:4;stroke-linecap:round;stroke-linejoin:round;filter:drop-shadow(0 0 1px #fff)}
path.fading{opacity:0;transition:opacity 1s}
@media (forced-colors:active){.arrow,.ring,.mark,.acting{border-color:Highlight;forced-color-adjust:none}}
.mark{}
.agent{}
`;

const SVG = 'http://www.w3.org/2000/svg';
/** How long a line stays before it fades, and how long that takes. */
const LINE_MS = 4_000;
const FADE_MS = 1_000;

/** A pointer that has not moved for this long is taken away. */
const REST_MS = 8_000;

export class Overlay {
  #host = document.createElement('div');
  #agent = document.createElement('div');
  #name = document.createElement('div');
  #label = document.createElement('div');
  #mark = document.createElement('div');
  #lines = document.createElementNS(SVG, 'svg');
  /** The line that is being drawn. @type {SVGPathElement | undefined} */
  #line;
  /** @type {Element | null} */
  #marked = null;
  #timer = 0;
  #frame = 0;
  /** @type {CSSStyleRule} */
  #place;
  /** @type {CSSStyleRule} */
  #markPlace;

  constructor() {
    this.#host.setAttribute('data-tandem-host', 'agent');
    this.#host.setAttribute('aria-hidden', 'true');
    const root = this.#host.attachShadow({ mode: 'closed' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    // Pointer and mark are moved by the last two rules, not by an attribute, which a page's policy may refuse.
    const rules = /** @type {CSSStyleRule[]} */ ([...sheet.cssRules]);
    [this.#markPlace, this.#place] = rules.slice(-2);
    this.#agent.className = 'agent';
    this.#agent.hidden = true;
    this.#name.className = 'name';
    this.#agent.append(part('ring'), part('arrow'), this.#name);
    this.#label.className = 'label';
    this.#mark.className = 'mark';
    this.#mark.hidden = true;
    root.append(this.#mark, this.#lines, this.#label, part('acting'), this.#agent);
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

  /** Says on the page what an agent may do; nothing takes it away. @param {string} label */
  announce(label) {
    this.#label.textContent = label;
  }

  /** Frames an element, and follows it; null takes the frame away. @param {Element | null} element */
  mark(element) {
    this.#marked = element;
    window.cancelAnimationFrame(this.#frame);
    this.#followMark();
    if (!element) this.#mark.hidden = true;
  }

  /** Draws on with the agent's line. @param {Int32Array} points x and y in turns @param {boolean} isNew whether another line begins */
  draw(points, isNew) {
    if (isNew || !this.#line) {
      this.#line = document.createElementNS(SVG, 'path');
      this.#lines.append(this.#line);
      this.#fade(this.#line);
    }
    let way = this.#line.getAttribute('d') ?? '';
    for (let at = 0; at + 1 < points.length; at += 2) way += `${way ? 'L' : 'M'}${points[at]} ${points[at + 1]}`;
    this.#line.setAttribute('d', way);
  }

  remove() {
    window.clearTimeout(this.#timer);
    this.#marked = null;
    this.#host.remove();
  }

  #followMark() {
    const element = this.#marked;
    if (!element) return;
    const box = element.isConnected ? element.getBoundingClientRect() : null;
    this.#mark.hidden = !box?.width;
    if (box?.width) {
      const { style } = this.#markPlace;
      style.setProperty('transform', `translate(${box.left - 5}px, ${box.top - 5}px)`);
      style.setProperty('width', `${box.width + 10}px`);
      style.setProperty('height', `${box.height + 10}px`);
    }
    this.#frame = window.requestAnimationFrame(() => this.#followMark());
  }

  /** @param {SVGPathElement} line */
  #fade(line) {
    window.setTimeout(() => {
      line.classList.add('fading');
      if (this.#line === line) this.#line = undefined;
      window.setTimeout(() => line.remove(), FADE_MS);
    }, LINE_MS);
  }
}

/** @param {string} name */
function part(name) {
  const element = document.createElement('div');
  element.className = name;
  return element;
}
