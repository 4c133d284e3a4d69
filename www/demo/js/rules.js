// Prints how the rules of this page's touchpoint decide, and prints it anew when the decision changes.
import './shop.js';
import { byId, make } from './dom.js';

/**
 * @typedef {{ text: string, holds: boolean, fact?: string, of?: Condition[] }} Condition
 * @typedef {{ id: string, name: string, action: string, matched: boolean, when: Condition }} Rule
 * @typedef {{ is_visible: boolean, reason: string, wake_at?: number | string | null, rules: Rule[] }} Explanation
 */

/** What the reasons mean, in words.
 * @type {Record<string, string>} */
const REASONS = {
  inactive: 'because the touchpoint is INACTIVE',
  page: 'because this page asked for it',
  hide_rule: 'because a hide rule matches',
  show_rule: 'because a show rule matches',
  no_show_rule: 'because no show rule matches',
  open_conversation: 'because a conversation is open',
  default: 'because there is no rule against it',
};

/** Gives `window.Tandem` as soon as the script tag has run. */
async function tandem() {
  const page = /** @type {{ Tandem?: { explain(): Promise<Explanation> } }} */ (/** @type {unknown} */ (window));
  const tag = document.querySelector('script[src^="/w/"]');
  if (!page.Tandem && tag) await new Promise((loaded) => tag.addEventListener('load', loaded, { once: true }));
  return page.Tandem;
}

/**
 * @param {Condition} condition
 * @returns {HTMLElement}
 */
function condition({ text, holds, fact, of }) {
  const line = make('span', { className: holds ? 'yes' : 'no' }, holds ? 'yes' : 'no');
  const item = make('li', {}, line, ' ', text);
  if (fact) item.append(' ', make('span', { className: 'hint' }, `(${fact})`));
  if (of && of.length > 0) item.append(make('ul', {}, ...of.map(condition)));
  return item;
}

/** @param {Rule} rule */
function rule(rule) {
  const head = make('p', { className: 'rule-head' }, make('b', {}, rule.name), ` – ${rule.action} – `,
    make('span', { className: rule.matched ? 'yes' : 'no' }, rule.matched ? 'matches' : 'does not match'));
  return make('article', { className: 'rule' }, head, make('ul', { className: 'conditions' }, condition(rule.when)));
}

/** @param {Explanation} explanation */
function show(explanation) {
  const verdict = make('p', { className: 'verdict' }, explanation.is_visible ? 'The chat is shown' : 'The chat is hidden',
    make('span', { className: 'hint' }, ` ${REASONS[explanation.reason] ?? explanation.reason}`));
  verdict.dataset.visible = String(explanation.is_visible);
  verdict.dataset.testid = 'verdict';
  const parts = [verdict, ...explanation.rules.map(rule)];
  if (explanation.wake_at) {
    const time = new Date(explanation.wake_at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
    parts.push(make('p', { className: 'hint' }, `Looked at again by itself at ${time}, or as soon as a fact changes.`));
  }
  byId('decision').replaceChildren(...parts);
}

async function refresh() {
  try {
    const chat = await tandem();
    if (chat) show(await chat.explain());
  } catch {
    byId('decision').replaceChildren(make('p', { className: 'hint' }, 'The rules could not be asked.'));
  }
}

document.addEventListener('tandem:rule', refresh);
refresh();
