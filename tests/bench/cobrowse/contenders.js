// What is measured, as it begins in a page: rrweb, the reader as a visitor's page has it, and the SDK.
import { readFile } from 'node:fs/promises';

/** `none` is the page alone, from which the others' share is told. */
export const CONTENDERS = ['none', 'rrweb', 'reader', 'sdk'];

/** Gives rrweb's script. */
export function rrwebScript() {
  return readFile(new URL('node_modules/rrweb/umd/rrweb.min.js', import.meta.url), 'utf8');
}

/** Gives the address of the reader that the server hands to pages. */
export async function readerAddress(origin) {
  const loader = await (await fetch(`${origin}/w/tp_demo.js`)).text();
  const [, hash] = /"hash":"([0-9a-f]{16})"/.exec(loader);
  return `${origin}/w/${hash}/reader.js`;
}

/** Loads a contender into a page, without beginning. */
export async function load(page, contender, { origin, reader }) {
  await page.evaluate(installed, { contender, origin, reader });
}

/**
 * Runs in the page: leaves `bench.begin(onWhole)`, which starts the contender; `bench.take()`, which gives the bytes
 * it has made since the last call; and `bench.stop()`.
 */
async function installed({ contender, origin, reader }) {
  const config = { profile: 'standard', mask: [], unmask: [], block: [] };
  const bench = { begin: (onWhole) => onWhole(), take: async () => ({ texts: [], raw: 0, frames: [] }), stop: () => {} };
  window.bench = bench;
  if (contender === 'rrweb') {
    await new Promise((loaded) => {
      const script = Object.assign(document.createElement('script'), { src: '/bench/rrweb.js', onload: loaded });
      document.head.append(script);
    });
    let events = [];
    bench.begin = (onWhole) => {
      bench.stop = window.rrweb.record({ emit: (event) => events.push(event) });
      onWhole();
    };
    bench.take = async () => {
      const began = performance.now();
      const texts = events.map((event) => JSON.stringify(event));
      const wordsMs = performance.now() - began;
      events = [];
      return { texts, wordsMs };
    };
  } else if (contender === 'reader') {
    const { start } = await import(reader);
    // The other end is another thread, as the recorder's frame is another process.
    const worker = new Worker('/bench/port-end.js');
    const told = new Map();
    worker.onmessage = ({ data }) => told.get(data.type)?.(data);
    bench.begin = (onWhole) => {
      const { port1, port2 } = new MessageChannel();
      told.set('whole', onWhole);
      worker.postMessage(port2, [port2]);
      bench.stop = start(port1, config).stop;
    };
    bench.take = () => new Promise((resolve) => {
      told.set('taken', ({ raw }) => resolve({ raw }));
      worker.postMessage('take');
    });
  } else if (contender.startsWith('sdk')) {
    const sdk = await import(`${origin}/sdk/recorder.js`);
    await sdk.default();
    let frames = [];
    bench.begin = (onWhole) => {
      if (contender === 'sdk snapshot') {
        frames.push(new sdk.Recorder().snapshot());
        onWhole();
        return;
      }
      const recorder = new sdk.Recorder();
      bench.stop = () => recorder.stop();
      // The second byte of a frame is its kind, 2 a part of a keyframe; the third has a bit for the last part.
      recorder.start((frame) => {
        frames.push(frame);
        if (frame[1] === 2 && frame[2] & 2) onWhole();
      });
    };
    bench.take = async () => {
      const taken = frames.map((frame) => Array.from(frame));
      frames = [];
      return { frames: taken };
    };
  }
}

/** Gives the script of the worker at the other end of the reader's port. */
export async function portEnd() {
  const operations = await readFile(new URL('../../../www/reader/op.js', import.meta.url), 'utf8');
  const [, done] = /export const done = (\d+);/.exec(operations);
  return PORT_END.replace('DONE', done);
}

const PORT_END = `
let bytes = 0;
onmessage = ({ data }) => {
  if (data === 'take') {
    postMessage({ type: 'taken', raw: bytes });
    bytes = 0;
    return;
  }
  data.onmessage = ({ data: batch }) => {
    if (batch.type !== 'batch') return;
    bytes += batch.words.byteLength + batch.units.byteLength + batch.strings.byteLength;
    // The reader's last word of a whole page.
    if (batch.words.at(-1) === DONE) postMessage({ type: 'whole' });
  };
};`;
