// A line between browsers and the server that can be slow, counts what goes up, and can be cut in the middle.
import { connect, createServer } from 'node:net';

/** How often a slow line lets a portion through. */
const TURN_MS = 20;

export class Line {
  #server;
  #pairs = new Set();
  #isCut = false;
  /** Bytes that went up to the server, of everything. */
  upBytes = 0;
  /** Bytes per second that go up, over each connection; 0 means as fast as it can. */
  upBytesPerSecond = 0;

  /** Opens a line to a port of this machine; its `origin` is what browsers use. Must be closed. */
  static async open(port) {
    const line = new Line();
    line.#server = createServer((browser) => line.#join(browser, port));
    await new Promise((listening) => line.#server.listen(0, '127.0.0.1', listening));
    line.origin = `http://127.0.0.1:${line.#server.address().port}`;
    return line;
  }

  /** Breaks every connection, and each new one, until it is mended. */
  cut() {
    this.#isCut = true;
    for (const pair of this.#pairs) for (const end of pair) end.destroy();
  }

  mend() {
    this.#isCut = false;
  }

  async close() {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }

  #join(browser, port) {
    if (this.#isCut) {
      browser.destroy();
      return;
    }
    const server = connect(port, '127.0.0.1');
    const pair = [browser, server];
    this.#pairs.add(pair);
    for (const end of pair) {
      const other = end === browser ? server : browser;
      end.setNoDelay();
      end.on('error', () => {});
      end.on('close', () => {
        other.destroy();
        this.#pairs.delete(pair);
      });
    }
    server.pipe(browser);
    browser.on('data', (bytes) => this.#send(browser, server, bytes));
    browser.on('end', () => server.end());
  }

  /** Portions of one turn, so that a cut finds a piece half sent. */
  async #send(browser, server, bytes) {
    browser.pause();
    for (let at = 0; at < bytes.length && !server.destroyed;) {
      const limit = this.upBytesPerSecond;
      const portion = limit ? Math.max(1, Math.round((limit * TURN_MS) / 1000)) : bytes.length;
      const part = bytes.subarray(at, at + portion);
      at += part.length;
      this.upBytes += part.length;
      server.write(part);
      if (limit) await new Promise((turn) => setTimeout(turn, TURN_MS));
    }
    browser.resume();
  }
}
