//! One reading of one page: the parts of the reader put together. It writes batches and hands them to `send`.

import * as native from './native.js';
import { AddressSignal } from './address.js';
import { Batch } from './batch.js';
import { DocumentSignal } from './document.js';
import { FieldSignal } from './fields.js';
import { MutationSignal } from './mutations.js';
import { Policy } from './policy.js';
import { watchShadows } from './shadows.js';
import { SheetSignal } from './sheets.js';
import { Tree } from './tree.js';
import { Walk } from './walk.js';
import { writeViewport } from './window.js';

/** The page is read anew at most once in this time, however badly it adds up. */
const RESTART_MS = 1_000;

export class Reader {
  tree = new Tree();
  batch = new Batch();
  isStopped = false;
  /** Has pages of every size read in slices of so many nodes; none for slices by time. */
  sliceNodes = 0;
  /** Documents and shadow roots that have been read. @type {Set<any>} */
  roots = new Set();
  #ends = new AbortController();
  #listening = new WeakSet();
  /** Whether the page is followed and not only read. */
  isLive = false;
  #restartTimer = 0;
  /** What is read beside the tree, once its module has come. @type {import('./aspects.js').Aspects | undefined} */
  #aspects;

  /**
   * @param {Document} document @param {import('./policy.js').PolicyConfig} config
   * @param {(message: import('./batch.js').Message) => void} emit
   */
  constructor(document, config, emit) {
    this.document = document;
    this.emit = emit;
    this.policy = new Policy(config);
    this.walk = new Walk(this);
    this.documents = new DocumentSignal(this);
    this.mutations = new MutationSignal(this);
    this.fields = new FieldSignal(this);
    this.sheets = new SheetSignal(this);
    this.address = new AddressSignal(this);
  }

  /** Reads the page in one go and nothing after it. */
  readOnce() {
    this.documents.start(true);
    this.documents.stop();
  }

  /** Reads the page and follows it until it is stopped. */
  start() {
    this.isLive = true;
    watchShadows(this, this.#ends.signal);
    this.sheets.start(this.#ends.signal);
    this.documents.start(false);
  }

  /** Reads on with what is beside the tree. @param {typeof import('./aspects.js').Aspects} Aspects */
  add(Aspects) {
    this.#aspects = new Aspects(this, this.#ends.signal);
    if (this.isLive) this.mutations.schedule();
  }

  stop() {
    if (this.isStopped) return;
    this.isStopped = true;
    this.#ends.abort();
    window.clearTimeout(this.#restartTimer);
    for (const part of [this.documents, this.mutations]) part.stop();
    for (const part of [this.fields, this.sheets]) part.restart();
    this.roots.clear();
  }

  /** Reads the whole page again. */
  readAgain() {
    if (!this.isStopped) this.documents.start(false);
  }

  /** What was seen does not add up: the page is read anew after a moment. */
  restartSoon() {
    if (this.#restartTimer || this.isStopped) return;
    this.#restartTimer = native.later(() => {
      this.#restartTimer = 0;
      this.readAgain();
    }, RESTART_MS);
  }

  /** Something has thrown: what was written so far makes no sense alone. */
  fail() {
    this.batch.restart();
    this.restartSoon();
  }

  /** Forgets what is on the wire. */
  restart() {
    this.roots.clear();
    this.tree.restart(this.document);
    this.batch.restart();
    for (const part of [this.policy, this.mutations, this.fields, this.sheets, this.address]) part.restart();
    this.#aspects?.restart();
  }

  /** A document or shadow root is being read: it is followed from here on. @param {any} root */
  rootFound(root) {
    this.roots.add(root);
    if (!this.isLive) return;
    this.mutations.observe(root);
    if (this.#listening.has(root)) return;
    this.#listening.add(root);
    for (const part of [this.fields, this.sheets]) part.listen(root, this.#ends.signal);
  }

  /** A node is off the wire. @param {any} node */
  forgotten(node) {
    this.roots.delete(node);
    this.fields.forgotten(node);
  }

  /** Whether a node is in the page, through shadow roots and frames. @param {any} node @returns {boolean} */
  isReachable(node) {
    if (!native.isConnected(node)) return false;
    const top = native.ownerDocument(node) ?? node;
    if (top === this.document) return true;
    const owner = this.tree.owners.get(top);
    return owner !== undefined && native.frameDocument(owner) === top && this.isReachable(owner);
  }

  /** Writes what goes with every flush of mutations. */
  flushed() {
    this.fields.flush();
    this.sheets.flush();
    this.address.flush();
    this.#aspects?.flush();
  }

  /** Writes what a page has beside its tree. */
  surroundings() {
    this.fields.tell();
    this.sheets.flush();
    writeViewport(this);
    this.#aspects?.look();
  }

  /** Whoever looks on does not get what lies at an address. @param {string} address */
  missing(address) {
    this.#aspects?.missing(address);
  }

  /** Hands over what has been written. */
  send() {
    if (!this.batch.isEmpty && !this.isStopped) this.emit(this.batch.take());
  }
}
