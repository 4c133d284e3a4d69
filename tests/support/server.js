// The real server as a child process, with a data folder of its own.
import { expect } from '@playwright/test';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BINARY = process.env.TANDEM_BINARY ?? fileURLToPath(new URL('../../target/release/tandem', import.meta.url));

/** Longer than the server's own limit for draining, which is 30 seconds. */
const STOP_MS = 35_000;

/** Gives a port that nobody listens on. */
export async function freePort() {
  const probe = createServer();
  await new Promise((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

export class TandemServer {
  #process;
  #output = '';

  /** Prepares a server; `start` starts it. It keeps its port and its data when it is started again. */
  static async prepare() {
    const server = new TandemServer();
    server.port = await freePort();
    server.origin = `http://127.0.0.1:${server.port}`;
    server.folder = await mkdtemp(join(tmpdir(), 'tandem-journey-'));
    return server;
  }

  /** Starts serving, by default the demo, and waits until it is ready. */
  async start(flags = ['--demo']) {
    const words = ['serve', '--listen', `127.0.0.1:${this.port}`, '--data', this.folder, ...flags];
    this.#process = spawn(BINARY, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise((resolve) => this.#process.once('exit', (code, signal) => resolve({ code, signal })));
    this.#process.ended = ended;
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.on('data', (bytes) => { this.#output += bytes; });
    }
    const ready = this.#isReady();
    const first = await Promise.race([ready, ended]);
    if (first !== 'ready') throw new Error(`tandem ended while starting: ${JSON.stringify(first)}\n${this.#output}`);
    return this;
  }

  /** Asks the server to drain and proves that it ended cleanly. */
  async stop() {
    if (!this.#process) return;
    const process = this.#process;
    this.#process = undefined;
    process.kill('SIGTERM');
    const timer = setTimeout(() => process.kill('SIGKILL'), STOP_MS);
    const end = await process.ended;
    clearTimeout(timer);
    expect(end, this.#output).toEqual({ code: 0, signal: null });
  }

  /** Stops without a word, as a crash would. */
  async crash() {
    this.#process.kill('SIGKILL');
    await this.#process.ended;
    this.#process = undefined;
  }

  /** Stops if it still runs and removes its data. */
  async dispose() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs another command of the same binary on the same data. */
  async command(...words) {
    const { stdout } = await promisify(execFile)(BINARY, [...words, '--data', this.folder]);
    return stdout;
  }

  /** The number of the process that serves. */
  get pid() {
    return this.#process.pid;
  }

  /** Everything the server wrote to its output and its log. */
  get output() {
    return this.#output;
  }

  /** Calls the REST API with the demo token and gives the parsed answer. */
  async api(path, options = {}) {
    const headers = { authorization: 'Bearer demo-token', 'content-type': 'application/json' };
    const answer = await fetch(`${this.origin}/api/v1/${path}`, { headers, ...options });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    return answer.status === 204 ? undefined : answer.json();
  }

  async #isReady() {
    for (;;) {
      const answer = await fetch(`${this.origin}/healthz`).catch(() => undefined);
      if (answer?.status === 200) return 'ready';
      await new Promise((later) => setTimeout(later, 25));
    }
  }
}
