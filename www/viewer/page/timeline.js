//! The line of time below a recording: where it stands, where one can go, and which stretches are quiet.

/** @typedef {import('./recording.js').Score} Score */

export class Timeline {
  #lengthMs;
  #isHeld = false;
  #range = /** @type {HTMLInputElement} */ (document.querySelector('.player__time'));

  /** @param {Score} score @param {(ms: number) => void} onSeek @param {AbortSignal} signal ends it */
  constructor(score, onSeek, signal) {
    this.#lengthMs = Math.max(1, score.recording.duration_ms);
    this.#range.max = String(this.#lengthMs);
    text('.player__length', clock(this.#lengthMs));
    this.#mark(score);
    this.#range.addEventListener('input', () => {
      this.#isHeld = true;
      this.#write(Number(this.#range.value));
    }, { signal });
    this.#range.addEventListener('change', () => {
      this.#isHeld = false;
      onSeek(Number(this.#range.value));
    }, { signal });
    this.show(0);
  }

  /** @param {number} ms */
  show(ms) {
    // A thumb that somebody holds is not taken away from them.
    if (this.#isHeld) return;
    this.#range.value = String(ms);
    this.#write(ms);
  }

  /** @param {number} ms */
  #write(ms) {
    text('.player__at', clock(ms));
    this.#range.setAttribute('aria-valuetext', `${clock(ms)} of ${clock(this.#lengthMs)}`);
    this.#range.parentElement?.style.setProperty('--done', String(ms / this.#lengthMs));
  }

  /** @param {Score} score */
  #mark({ keyframes, quiet }) {
    const quietMarks = quiet.map(({ from_ms, to_ms, is_paused }) => this.#stretch(is_paused ? 'is-paused' : 'is-quiet', from_ms, to_ms));
    const places = keyframes.map(({ at_ms }) => this.#stretch('is-keyframe', at_ms, at_ms));
    document.querySelector('.player__marks')?.replaceChildren(...quietMarks, ...places);
  }

  /** @param {string} name @param {number} fromMs @param {number} toMs */
  #stretch(name, fromMs, toMs) {
    const mark = document.createElement('i');
    mark.className = name;
    mark.style.setProperty('--from', String(fromMs / this.#lengthMs));
    mark.style.setProperty('--length', String((toMs - fromMs) / this.#lengthMs));
    return mark;
  }
}

/** `1:05`, and `2:01:05` from an hour on. @param {number} ms */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** @param {string} selector @param {string} words */
function text(selector, words) {
  const element = document.querySelector(selector);
  if (element) element.textContent = words;
}
