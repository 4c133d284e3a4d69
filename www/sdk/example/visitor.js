//! The side whose page is shown: records this page and sends the frames. A channel between windows stands in for the
//! connection that a real product has; frames are bytes, so a WebSocket carries them as they are.

import initialise, { Recorder } from '../recorder.js';

const channel = new BroadcastChannel('tandem-sdk-example');
const share = /** @type {HTMLButtonElement} */ (document.querySelector('#share'));
const recorder = new Recorder({ block: ['.private'], mask: ['.reference'] });
let isSharing = false;

// Whoever begins to look, or has lost a frame, asks for the page as a whole.
channel.onmessage = ({ data }) => {
  if (data === 'keyframe' && isSharing) recorder.keyframe();
};

share.addEventListener('click', async () => {
  if (isSharing) return stop();
  await initialise();
  recorder.start((frame) => channel.postMessage(frame));
  isSharing = true;
  share.textContent = 'Stop sharing';
});

window.addEventListener('pagehide', stop);

function stop() {
  if (!isSharing) return;
  isSharing = false;
  recorder.stop();
  channel.postMessage('ended');
  share.textContent = 'Share this page';
}

// What the page itself does: nothing of it knows that it is shared.
const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const list = /** @type {HTMLOListElement} */ (document.querySelector('ol'));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const item = document.createElement('li');
  item.textContent = `A table for ${new FormData(form).get('guests')}`;
  list.append(item);
});
