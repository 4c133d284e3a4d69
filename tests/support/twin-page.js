// A page that is recorded, and a second page of the same site in which the viewer rebuilds it: the two are compared
// by tree, by text, by the style of every element, and by picture.
import { canonicalTree } from './canonical-tree.js';
import { startSite } from './site.js';

/** More than this difference of one colour of a pixel counts; below it lies what two ways to smooth an edge make. */
const COLOUR_STEP = 40;
/** In what every element of the copy has to equal the original's. */
const STYLES = [
  'display', 'position', 'visibility', 'opacity', 'color', 'backgroundColor', 'fontSize', 'fontWeight', 'fontFamily', 'fontStyle', 'textAlign',
  'textDecorationLine', 'lineHeight', 'borderTopWidth', 'borderTopColor', 'marginTop', 'paddingLeft', 'transform', 'zIndex', 'overflowX', 'fill',
  'animationName', 'whiteSpace', 'listStyleType', 'cursor',
];

const FRAMES = {
  standards: '<iframe sandbox="allow-same-origin" srcdoc="<!doctype html>"></iframe>',
  quirks: '<iframe sandbox="allow-same-origin"></iframe>',
};

/** Serves a page at `/`, the viewer's at `/twin`, and other files by their paths. */
export function startTwinSite(html, files = {}) {
  return startSite((path) => {
    if (path === '/') return { body: html };
    if (path === '/twin') {
      const frame = FRAMES[/^<!doctype html>/i.test(html) ? 'standards' : 'quirks'];
      return { body: `<!doctype html><title>Twin</title><style>body{margin:0}iframe{border:0;display:block;width:100vw;height:100vh}</style>${frame}` };
    }
    return files[path] ?? { status: path === '/favicon.ico' ? 204 : 404 };
  });
}

export class Twin {
  #sent = 0;

  /** @param {import('@playwright/test').Page} page the page that stands at the site's `/` @param {string} sdkOrigin */
  static async open(page, sdkOrigin, options = {}) {
    const twin = new Twin();
    twin.live = page;
    twin.options = options;
    twin.copy = await page.context().newPage();
    await twin.copy.goto(new URL('/twin', page.url()).href);
    await page.bringToFront();
    for (const one of [page, twin.copy]) await one.evaluate(`window.canonicalTree = ${canonicalTree}`);
    await page.evaluate(async ({ sdkOrigin, options }) => {
      const { default: init, Recorder } = await import(`${sdkOrigin}/sdk/recorder.js`);
      await init();
      window.sentFrames = [];
      window.recorder = new Recorder(options);
      window.recorder.start((frame) => window.sentFrames.push(frame));
    }, { sdkOrigin, options });
    await twin.copy.evaluate(async (sdkOrigin) => {
      const { default: init, Viewer } = await import(`${sdkOrigin}/sdk/viewer.js`);
      await init();
      window.viewer = new Viewer(document.querySelector('iframe'));
    }, sdkOrigin);
    await twin.follow();
    return twin;
  }

  /** Gives the frames that have been recorded since the last call. */
  async frames() {
    const all = await this.live.evaluate((from) => window.sentFrames.slice(from).map((frame) => btoa(String.fromCharCode(...frame))), this.#sent);
    this.#sent += all.length;
    return all;
  }

  /** Brings the copy to where the page stands, once it has been painted. */
  async follow() {
    await this.live.evaluate(async () => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
    });
    const frames = await this.frames();
    await this.copy.evaluate((frames) => {
      for (const frame of frames) window.viewer.apply(Uint8Array.from(atob(frame), (c) => c.charCodeAt(0)));
    }, frames);
  }

  /** Runs a function on the stage, with its document. */
  onStage(look, argument) {
    return this.copy.evaluate(`(${look})(document.querySelector('iframe').contentDocument, ${JSON.stringify(argument)})`);
  }

  /** Gives both trees as comparable texts. */
  async trees() {
    await this.follow();
    const live = await this.live.evaluate((options) => window.canonicalTree(document, 'live', options), this.options);
    const stage = await this.onStage((top, options) => window.canonicalTree(top, 'stage', options), this.options);
    return { live, stage };
  }

  /** Gives what differs between the elements of both pages: styles and boxes, at most a few of them. */
  async differences() {
    const [live, stage] = await Promise.all([
      this.live.evaluate(`(${looks})(document, ${JSON.stringify(STYLES)})`),
      this.onStage(looks, STYLES),
    ]);
    if (live.length !== stage.length) return [`${live.length} elements and ${stage.length}`];
    const differences = live.flatMap((one, at) => (one === stage[at] ? [] : [`${one}\n  is ${stage[at]}`]));
    return differences.slice(0, 6);
  }

  /** Gives the share of pixels that differ between pictures of both pages. */
  async pictureDifference() {
    const pictures = [await this.live.screenshot(), await this.copy.screenshot()];
    return this.copy.evaluate(async ({ pictures, step }) => {
      const [one, other] = await Promise.all(pictures.map(async (picture) => {
        const image = await createImageBitmap(await (await fetch(picture)).blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      }));
      let far = 0;
      for (let at = 0; at < one.data.length; at += 4) {
        if ([0, 1, 2].some((part) => Math.abs(one.data[at + part] - other.data[at + part]) > step)) far++;
      }
      return far / (one.width * one.height);
    }, { pictures: pictures.map((picture) => `data:image/png;base64,${picture.toString('base64')}`), step: COLOUR_STEP });
  }
}

/** Gives each painted element of a document, through shadow roots and frames, with its box and its style. It runs inside a page. */
function looks(top, styles) {
  const all = [];
  const visit = (root) => {
    for (const element of root.children) {
      const tag = element.localName;
      if (/^(script|noscript|template|head|object|embed|style|link|meta|title|base)$/.test(tag) || element.hasAttribute('data-tandem-host')) continue;
      const computed = element.ownerDocument.defaultView.getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const sides = [box.left, box.top, box.width, box.height].map(Math.round);
      // An element without a box has no place that could differ.
      const place = computed.display === 'none' || !(sides[2] + sides[3]) ? '' : sides.join();
      all.push(`${tag} ${place} ${styles.map((name) => `${name}:${computed[name]}`).join(';')}`);
      const shadow = element.shadowRoot ?? globalThis.closedRoots?.get(element);
      if (shadow) visit(shadow);
      const inner = tag === 'iframe' ? element.contentDocument : null;
      if (tag !== 'canvas') visit(inner ?? element);
    }
  };
  visit(top);
  return all;
}
