//! What the viewer's page draws around the stage: the browser window with address and size, the visitor's pointer,
//! notices, and the transparent sheet that takes the agent's pointer.

/** @typedef {'connecting' | 'live' | 'paused' | 'ended'} State */

/** @type {Record<State, string>} */
const NOTICES = {
  connecting: 'Connecting to the shared page …',
  live: '',
  paused: 'The visitor is looking at another tab or window.',
  ended: 'The sharing has ended.',
};
const PRESSED = 1;
const LEFT = 2;

export class Screen {
  /** @type {MessagePort | undefined} */
  #port;
  /** What the console is told. @type {{state: State, title: string, url: string, viewport: {width: number, height: number}, latency_ms: number | null}} */
  #told = { state: 'connecting', title: '', url: '', viewport: { width: 1024, height: 640 }, latency_ms: null };
  #isFit = true;
  /** @type {{x: number, y: number, phase: number} | undefined} */
  #mark;
  /** Called with the agent's pointer, in CSS pixels of the visitor's window. @type {((x: number, y: number, phase: number) => void) | undefined} */
  onPoint;

  constructor() {
    this.body = document.body;
    this.page = find('.page');
    this.sizer = find('.sizer');
    this.pointer = find('.pointer');
    this.body.dataset.hasPage = 'no';
    new ResizeObserver(() => this.#fit()).observe(this.body);
    const overlay = find('.overlay');
    overlay.addEventListener('pointermove', (event) => this.#point(event, 0));
    overlay.addEventListener('pointerdown', (event) => this.#point(event, PRESSED));
    overlay.addEventListener('pointerleave', (event) => this.#point(event, LEFT));
    this.#draw();
  }

  /** Has the console told everything from here on. @param {MessagePort} port */
  open(port) {
    this.#port = port;
    this.tell({ state: 'connecting' });
  }

  /** Changes what is known of the page. @param {Partial<typeof this.told>} news */
  tell(news) {
    Object.assign(this.#told, news);
    this.#port?.postMessage({ type: 'state', ...this.#told });
    this.#draw();
  }

  get told() {
    return this.#told;
  }

  /** Shows an event of the session. @param {any} event */
  show(event) {
    if (event.type === 'state') {
      if (event.state === 'live') this.body.dataset.hasPage = 'yes';
      if (event.state === 'ended') this.#empty();
      this.tell({ state: event.state });
    } else if (event.type === 'address') this.tell({ title: event.title, url: event.url });
    else if (event.type === 'viewport') this.tell({ viewport: { width: event.width, height: event.height } });
    else if (event.type === 'latency') this.tell({ latency_ms: event.ms });
    else if (event.type === 'pointer') this.#visitor(event);
  }

  /** Loads an empty, sandboxed document and hands its frame over. @param {string} address @param {(frame: HTMLIFrameElement) => void} onLoaded */
  stage(address, onLoaded) {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-same-origin');
    frame.setAttribute('tabindex', '-1');
    frame.setAttribute('title', 'The visitor’s page');
    frame.inert = true;
    frame.src = address;
    frame.addEventListener('load', () => onLoaded(frame), { once: true });
    find('.stage').replaceChildren(frame);
  }

  /** @param {'none' | 'pointer'} tool */
  tool(tool) {
    this.body.dataset.tool = tool;
    if (tool === 'none') this.onPoint?.(0, 0, LEFT);
  }

  /** @param {'fit' | 'actual'} mode */
  zoom(mode) {
    this.#isFit = mode === 'fit';
    this.body.dataset.zoom = mode;
    this.#fit();
  }

  #empty() {
    find('.stage').replaceChildren();
    this.pointer.hidden = true;
    this.onPoint = undefined;
    Object.assign(this.#told, { title: '', url: '' });
  }

  #draw() {
    const { state, title, url, viewport } = this.#told;
    this.body.dataset.state = state;
    find('.notice').textContent = NOTICES[state];
    find('.title').textContent = title;
    find('.url').textContent = url.replace(/^https?:\/\//, '');
    find('.size').textContent = `${viewport.width} × ${viewport.height}`;
    this.#fit();
  }

  #fit() {
    const { width, height } = this.#told.viewport;
    const space = this.body.clientWidth - 26;
    const scale = this.#isFit ? Math.min(1, space / Math.max(1, width)) : 1;
    const { style } = this.sizer;
    style.setProperty('--scale', String(scale));
    style.setProperty('--page-width', String(width));
    style.setProperty('--page-height', String(height));
  }

  /** @param {{x: number, y: number, phase: number}} mark */
  #visitor({ x, y, phase }) {
    this.pointer.hidden = phase === LEFT;
    this.pointer.classList.toggle('is-pressed', phase === PRESSED);
    this.pointer.style.setProperty('--pointer-left', String(x));
    this.pointer.style.setProperty('--pointer-top', String(y));
  }

  /** Passes the agent's pointer on, once per frame, a press never lost to a move. @param {PointerEvent} event @param {number} phase */
  #point(event, phase) {
    if (this.body.dataset.tool !== 'pointer') return;
    const box = this.page.getBoundingClientRect();
    const scale = box.width / this.#told.viewport.width || 1;
    const isFirst = this.#mark === undefined;
    const x = Math.round((event.clientX - box.left) / scale);
    const y = Math.round((event.clientY - box.top) / scale);
    this.#mark = { x, y, phase: this.#mark?.phase === PRESSED ? PRESSED : phase };
    if (isFirst) requestAnimationFrame(() => this.#pass());
  }

  #pass() {
    const mark = this.#mark;
    this.#mark = undefined;
    if (mark) this.onPoint?.(mark.x, mark.y, mark.phase);
  }
}

/** @param {string} selector @returns {HTMLElement} */
function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}
