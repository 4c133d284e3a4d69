//! The viewer's page: waits for the console to say which session to show, loads the viewer's module, and draws the
//! window around the stage. Which changes are shown, and how, is the module's business.

import init, { RecordingPlayer, ViewerSession } from './viewer.js';
import { Hand } from './page/hand.js';
import { playRecording } from './page/recording.js';
import { Screen } from './page/screen.js';

/** @typedef {{type: 'viewer_start', cobrowse_id: string, ticket: string, agent_name: string}} Start */

const screen = new Screen();
const hand = new Hand(screen);
const loaded = init({ module_or_path: new URL('viewer_bg.wasm', import.meta.url) });

window.addEventListener('message', (event) => {
  const isConsole = event.source === window.parent && event.origin === window.location.origin;
  const start = { viewer_start: begin, recording_start: play }[/** @type {string} */ (event.data?.type)];
  if (!isConsole || !start || !event.ports[0]) return;
  loaded.then(() => start(event.data, event.ports[0])).catch(() => screen.tell({ state: 'ended' }));
});
if (window.parent !== window) window.parent.postMessage({ type: 'viewer_ready' }, window.location.origin);

/** @type {{stop(): void} | undefined} */
let running;

/** @param {Start} start @param {MessagePort} port */
function begin(start, port) {
  running?.stop();
  const socket = new URL('/api/v1/cobrowse/socket', window.location.href);
  socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';
  screen.open(port);
  const session = new ViewerSession(socket.href, start.cobrowse_id, start.ticket, start.agent_name, (/** @type {any} */ event) => {
    if (event.type === 'mode') screen.stage(stageAddress(start.cobrowse_id, event.mode), (frame) => session.setStage(frame));
    else if (event.type === 'outcome') hand.outcome(event.outcome);
    else screen.show(event);
    if (event.type === 'control') hand.standing(event);
  });
  hand.use(session);
  running = {
    stop() {
      hand.use(undefined);
      session.stop();
    },
  };
  port.onmessage = ({ data }) => {
    if (data.type === 'tool') hand.tool(data.tool);
    else if (data.type === 'ask') session.ask(data.scopes);
    else if (data.type === 'release') session.release();
    else if (data.type === 'navigate') session.navigate(data.way, '');
    else if (data.type === 'follow') hand.follow(data.follows);
    else if (data.type === 'zoom') screen.zoom(data.mode);
    else if (data.type === 'close') {
      running?.stop();
      screen.show({ type: 'state', state: 'ended', by: 'agent' });
    }
  };
}

/** @param {{recording_id: string, score: any}} start @param {MessagePort} port */
function play({ recording_id, score }, port) {
  running?.stop();
  running = playRecording({ screen, score, port, Player: RecordingPlayer, stageAddress: (mode) => stageAddress(recording_id, mode) });
}

/** @param {string} shown a session or a recording @param {string} mode */
function stageAddress(shown, mode) {
  return `/viewer/stage/${encodeURIComponent(shown)}?mode=${mode}`;
}
