//! The side that looks: shows the frames that come.

import initialise, { Viewer } from '../viewer.js';

const channel = new BroadcastChannel('tandem-sdk-example');
const stage = /** @type {HTMLIFrameElement} */ (document.querySelector('iframe'));
const glass = /** @type {HTMLElement} */ (document.querySelector('.glass'));
const says = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));
const figures = { frames: 0, bytes: 0 };
let isAsking = false;

await Promise.all([initialise(), loaded(stage)]);
let viewer = new Viewer(stage);

channel.onmessage = ({ data }) => {
  if (data === 'ended') {
    viewer.stop();
    viewer = new Viewer(stage);
    isAsking = false;
    says.textContent = 'The page is not shared any more.';
    return;
  }
  if (!(data instanceof Uint8Array)) return;
  figures.frames += 1;
  figures.bytes += data.length;
  try {
    if (!viewer.apply(data)) return;
    isAsking = false;
    show();
  } catch {
    // A frame before this one is missing. The next keyframe mends that.
    askForKeyframe();
  }
};
window.addEventListener('resize', fit);
// Somebody who comes late asks for the page as it stands now.
askForKeyframe();

function askForKeyframe() {
  if (isAsking) return;
  isAsking = true;
  channel.postMessage('keyframe');
}

function show() {
  const { title, width, height } = viewer.page;
  stage.style.inlineSize = `${width}px`;
  stage.style.blockSize = `${height}px`;
  says.textContent = `${title} · ${width} × ${height} · ${figures.frames} frames, ${figures.bytes.toLocaleString('en')} bytes`;
  fit();
}

/** Makes the page as large as there is room. */
function fit() {
  stage.style.scale = String(Math.min(1, glass.clientWidth / stage.offsetWidth, glass.clientHeight / stage.offsetHeight));
}

/** @param {HTMLIFrameElement} frame */
function loaded(frame) {
  const isThere = frame.contentDocument?.readyState === 'complete' && frame.contentWindow?.location.href !== 'about:blank';
  return isThere || new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
}
