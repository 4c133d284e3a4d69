//! What an agent does on the visitor's page: shown at its place and, as far as the visitor has allowed it, carried
//! out. Many sessions never see an agent's pointer, so this module comes with the first word of one.

import { Acts } from './acts.js';
import * as Outcome from './outcome.js';
import { Overlay } from './overlay.js';
import { activeIn, nodeOf, placeOf } from './target.js';
import { Visitor } from './visitor.js';

export class AgentSide {
  #overlay = new Overlay();
  #visitor;
  #acts;

  /** @param {import('../reader.js').Reader} reader @param {MessagePort} port to the recorder */
  constructor(reader, port) {
    this.reader = reader;
    this.port = port;
    this.#acts = new Acts(reader);
    this.#visitor = new Visitor(() => port.postMessage({ type: 'escape' }));
  }

  /** @param {any} message of the recorder */
  handle(message) {
    for (const root of this.reader.roots) this.#visitor.watch(root.defaultView);
    if (message.type === 'pointer') this.#overlay.point(message.x, message.y, message.phase, message.name);
    else if (message.type === 'announce') this.#overlay.announce(message.label);
    else if (message.type === 'act') this.#act(message);
  }

  stop() {
    this.#visitor.stop();
    this.#overlay.remove();
  }

  /** @param {any} act */
  #act(act) {
    if (act.action === 'mark') this.#overlay.mark(/** @type {any} */ (act.node ? nodeOf(this.reader, act.node) : null));
    else if (act.action === 'draw') this.#overlay.draw(act.points, act.is_new);
    else this.port.postMessage({ type: 'outcome', number: act.number, outcome: this.#carryOut(act) });
  }

  /** @param {any} act */
  #carryOut(act) {
    if (this.#visitor.isActive) return Outcome.visitorActive;
    // Without a node, what is typed goes to whatever has the focus, as an earlier key has led there.
    const target = act.node ? nodeOf(this.reader, act.node) : activeIn(this.reader.document);
    if (act.action !== 'navigate' && !target) return Outcome.gone;
    const element = target?.nodeType === 1 ? (/** @type {Element} */ (target).closest('select') ?? target) : null;
    const place = element && placeOf(this.reader, element, act);
    const outcome = this.#acts.carryOut(act, target);
    if (outcome === Outcome.done && place && act.action !== 'hover' && act.action !== 'scroll') {
      this.#overlay.point(place.x, place.y, act.action === 'click' ? 1 : 0, act.name);
    }
    return outcome;
  }
}
