// Numbered messages, so that it shows whether each of them is there once and in its place.
import { expect } from '@playwright/test';

/** Gives the next message; its number tells it from all others. */
export class Words {
  #said = [];

  next(text) {
    const word = `#${this.#said.length + 1}# ${text}`;
    this.#said.push(word);
    return word;
  }

  get count() {
    return this.#said.length;
  }

  /** Every one of these visitors and agents has every message once, in the order they were written, each with a seq. */
  async expectOn(...sides) {
    const numbers = this.#said.map((_, index) => index + 1);
    for (const side of sides) {
      const log = side.log ?? side.thread;
      await expect.poll(() => shown(log), { timeout: 30_000 }).toEqual(numbers);
      // A message has its seq with its ack, a moment after it is shown.
      await expect.poll(() => disordered(log), { timeout: 30_000 }).toEqual([]);
    }
  }
}

/** The numbers in a log as they stand there. */
async function shown(log) {
  const texts = await log.getByTestId('message').evaluateAll((all) => all.map((one) => one.textContent));
  return texts.map((text) => Number(/#(\d+)#/.exec(text)?.[1]));
}

/** The seqs in a log that are missing or not above the one before. */
async function disordered(log) {
  const seqs = await log.getByTestId('message').evaluateAll((all) => all.map((one) => Number(one.dataset.seq)));
  return seqs.filter((seq, index) => !(seq > (seqs[index - 1] ?? 0)));
}
