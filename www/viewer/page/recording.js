//! A recording in the viewer's page: its bytes come through the console's port, its controls are these. When what is
//! shown is the module's business.

import { Timeline } from './timeline.js';

/** @typedef {import('./screen.js').Screen} Screen */
/** @typedef {{start(): void, stop(): void, play(): void, pause(): void, seek(ms: number): void, speed(times: number): void, skip(isOn: boolean): void, bytes(from: number, bytes: Uint8Array): void, setStage(frame: HTMLIFrameElement): void}} Player */
/** @typedef {{recording: {duration_ms: number, bytes: number}, keyframes: {at_ms: number}[], quiet: {from_ms: number, to_ms: number, is_paused: boolean}[], assets?: string}} Score */

/** How far an arrow goes. */
const STEP_MS = 5000;

/**
 * Shows a recording and takes the commands of whoever watches.
 * @param {{screen: Screen, score: Score, port: MessagePort, Player: new (score: any, onEvent: Function) => Player, stageAddress: (mode: string) => string}} parts
 */
export function playRecording({ screen, score, port, Player, stageAddress }) {
  const listening = new AbortController();
  document.body.dataset.shows = 'recording';
  const root = find('.player');
  root.hidden = false;
  screen.open(port);
  let isRunning = false;
  let atMs = 0;
  const player = new Player(score, (/** @type {any} */ event) => {
    if (event.type === 'mode') screen.stage(stageAddress(event.mode), (frame) => player.setStage(frame));
    else if (event.type === 'fetch') port.postMessage({ type: 'fetch', from: event.from });
    else if (event.type === 'position') moved(event);
    else screen.show(event);
  });
  const timeline = new Timeline(score, (ms) => player.seek(ms), listening.signal);

  /** @param {{ms: number, motion: 'held' | 'running' | 'waiting' | 'ended'}} event */
  function moved({ ms, motion }) {
    atMs = ms;
    isRunning = motion === 'running' || motion === 'waiting';
    root.dataset.motion = motion;
    find('.player__play').setAttribute('aria-label', isRunning ? 'Pause' : 'Play');
    timeline.show(ms);
  }

  const toggle = () => (isRunning ? player.pause() : player.play());
  /** @type {Record<string, () => void>} */
  const keys = {
    ' ': toggle,
    ArrowLeft: () => player.seek(Math.max(0, atMs - STEP_MS)),
    ArrowRight: () => player.seek(atMs + STEP_MS),
    Home: () => player.seek(0),
    End: () => player.seek(score.recording.duration_ms),
  };
  /** @param {KeyboardEvent} event */
  function press(event) {
    const act = keys[event.key];
    const isElsewhere = event.target instanceof HTMLSelectElement;
    const isOwnSpace = event.key === ' ' && event.target instanceof HTMLElement && event.target.matches('button, [type="checkbox"]');
    if (!act || isElsewhere || isOwnSpace || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  }

  const { signal } = listening;
  const speed = /** @type {HTMLSelectElement} */ (find('.player__speed select'));
  const skip = /** @type {HTMLInputElement} */ (find('.player__skip input'));
  const zoom = find('.player__zoom');
  find('.player__play').addEventListener('click', toggle, { signal });
  speed.addEventListener('change', () => player.speed(Number(speed.value)), { signal });
  skip.addEventListener('change', () => player.skip(skip.checked), { signal });
  zoom.addEventListener('click', () => {
    const isActual = zoom.getAttribute('aria-pressed') !== 'true';
    zoom.setAttribute('aria-pressed', String(isActual));
    screen.zoom(isActual ? 'actual' : 'fit');
  }, { signal });
  document.addEventListener('keydown', press, { signal });
  port.onmessage = ({ data }) => {
    if (data.type === 'bytes') player.bytes(data.from, new Uint8Array(data.bytes));
    else if (data.type === 'key') keys[data.key]?.();
    else if (data.type === 'close') stop();
  };
  player.speed(Number(speed.value));
  player.skip(skip.checked);
  player.start();
  port.postMessage({ type: 'ready' });

  function stop() {
    listening.abort();
    player.stop();
    root.hidden = true;
    screen.show({ type: 'state', state: 'ended', by: 'agent' });
  }
  return { stop };
}

/** @param {string} selector @returns {HTMLElement} */
function find(selector) {
  return /** @type {HTMLElement} */ (document.querySelector(selector));
}
