// A TCP proxy in front of the server that can make trouble with connections: let them hang half-open, cut them, or
// answer upgrades the way a network without WebSockets does.
import { connect, createServer } from 'node:net';

/** What a proxy that does not know WebSockets answers. */
const REFUSAL = 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** Starts a proxy to a port of this machine. The result has an `origin` and must be closed. */
export async function startProxy(targetPort) {
  const proxy = new Proxy(targetPort);
  await proxy.listen();
  return proxy;
}

class Proxy {
  #targetPort;
  #server;
  #pairs = new Set();

  /** Whether upgrades are answered with a refusal. */
  refusesUpgrades = false;

  constructor(targetPort) {
    this.#targetPort = targetPort;
  }

  async listen() {
    this.#server = createServer((client) => this.#accept(client));
    await new Promise((listening) => this.#server.listen(0, '127.0.0.1', listening));
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** How many sockets of this path are open now. */
  openSockets(path = '/client/v1/socket') {
    return [...this.#pairs].filter((pair) => pair.upgraded?.startsWith(path)).length;
  }

  /** Carries no byte of the sockets that are open any further, and closes nothing. */
  hang() {
    for (const pair of this.#pairs) pair.hangs = pair.upgraded !== undefined;
  }

  /** Breaks every connection off. */
  cut() {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  async close() {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }

  #accept(client) {
    const server = connect(this.#targetPort, '127.0.0.1');
    const pair = { client, server, hangs: false, upgraded: undefined };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('data', (bytes) => {
      if (pair.hangs) return;
      const upgrade = pair.upgraded === undefined && upgradeOf(bytes);
      if (upgrade && this.refusesUpgrades) {
        client.end(REFUSAL);
        return;
      }
      if (upgrade) pair.upgraded = upgrade;
      server.write(bytes);
    });
    server.on('data', (bytes) => { if (!pair.hangs) client.write(bytes); });
    for (const socket of [client, server]) {
      socket.on('error', () => {});
      socket.on('close', () => { if (!pair.hangs) end(); });
    }
  }
}

/** The path of a request for an upgrade, if the bytes begin with one; a request's head comes in one piece here. */
function upgradeOf(bytes) {
  const head = bytes.toString('latin1');
  return /\r\nupgrade: *websocket\r\n/i.test(head) ? /^GET (\S+)/.exec(head)?.[1] : undefined;
}
