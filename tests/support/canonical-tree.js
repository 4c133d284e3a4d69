//! One text for a live page and for its copy on the agent's stage, so that a test can compare the two. It is written
//! without the reader's code on purpose: what the reader forgets, this notices.
//!
//! Both sides are brought to the same form:
//! - comments, processing instructions and Tandem's own elements (`data-tandem-host`) are left out;
//! - elements that may not be built (`script`, `noscript`, `template`, `object`, `embed`, `applet`, `base`, `frame`,
//!   `frameset`, `portal`, `fencedframe`) become `inert` without attributes and content: on the stage they are empty
//!   `template` elements, or empty `g` elements inside SVG, for which any `g` without attributes and content counts;
//! - a linked style sheet is `link` on both sides, though the stage builds it as a `style` element; the rules of
//!   `style` elements are left out, as the stage may carry them as the browser has parsed them;
//! - attributes that act, load or lead away are left out, addresses are made absolute, `data-tandem-…` is left out;
//! - a form field is written with what the policy lets be known: `=value`, `=masked 5`, `=secret`, `=chosen`, …
//!   so an unmasked value on the stage differs from the expected text and fails the comparison;
//! - a secret field keeps its plain attributes only, and what may be a copy of any other hidden value is bullets;
//! - where links and frames lead is written without query and fragment;
//! - text inside `[data-tandem-mask]` and typed text in `contenteditable` is expected as bullets.

/**
 * Returns the text of a document. It is self-contained, so that a browser driver can send it into a page.
 * @param {Document} top the live document, or the document of the stage
 * @param {'live' | 'stage'} side
 * @param {{mask?: string[], unmask?: string[]}} [selectors] the touchpoint's own, beside the attributes
 * @returns {string} one line per node, indented by depth
 */
export function canonicalTree(top, side, { mask = [], unmask = [] } = {}) {
  const INERT = /^(script|noscript|template|object|embed|applet|base|frame|frameset|portal|fencedframe)$/;
  const LEFT_OUT = /^(on.*|nonce|srcdoc|integrity|ping|action|formaction|target|autofocus|http-equiv|is|sandbox|allow|csp|crossorigin|download|manifest|data|codebase|classid|archive|autoplay|loading|popovertarget|commandfor|attributionsrc|shadowrootmode|data-tandem-.*|value|checked|selected|src|srcset|imagesrcset|poster|background)$/i;
  const BULLET = '\u2022';
  const SECRET = /(^|\s)(cc-[a-z-]+|current-password|new-password|one-time-code)(\s|$)/i;
  const SECRET_NAME = /pass(?!eng)|pwd|cvc|cvv|(^|[^a-z])(pin|otp)(?![a-z])/i;
  const FIELD = /^(input|textarea|select|option|optgroup)$/;
  const isLive = side === 'live';
  /** @type {string[]} */
  const lines = [];
  write(top, 0, { masked: false, shown: false, preserves: false });
  return lines.join('\n');

  /** @param {any} parent @param {number} depth @param {any} policy */
  function write(parent, depth, policy) {
    // A closed root is known to whoever made it.
    const root = parent.shadowRoot ?? globalThis.closedRoots?.get(parent);
    if (root) {
      line(depth, '#shadow-root');
      write(root, depth + 1, policy);
    }
    for (const node of parent.childNodes) {
      if (node.nodeType === 10) line(depth, `<!doctype ${node.name}>`);
      else if (node.nodeType === 3 || node.nodeType === 4) line(depth, JSON.stringify(text(node.nodeValue, policy)));
      else if (node.nodeType === 1 && !node.hasAttribute('data-tandem-host')) element(node, depth, policy);
    }
  }

  /** @param {any} node @param {number} depth @param {any} outer */
  function element(node, depth, outer) {
    const tag = node.localName;
    const policy = inner(node, outer);
    const standsFor = node.namespaceURI.endsWith('svg') && tag === 'g' && node.attributes.length === 0 && node.childNodes.length === 0;
    if (INERT.test(tag) || standsFor) return line(depth, 'inert');
    // Nothing is told of what is in a secret field anyway.
    if (isLive && !outer.isSecret && node.hasAttribute('data-tandem-block')) return line(depth, `<${tag} blocked>`);
    if (node.hasAttribute('data-tandem-blocked')) return line(depth, `<${tag} blocked>`);
    const isSheet = /(^|\s)stylesheet(\s|$)/i.test(node.getAttribute('rel') ?? '') && (tag === 'link' || tag === 'style');
    line(depth, `<${isSheet ? 'link' : tag}${attributes(node, tag, isSheet, policy)}>${field(node, tag, policy)}`);
    if (isSheet || tag === 'style' || tag === 'textarea') return;
    const frame = tag === 'iframe' ? node.contentDocument : null;
    if (frame) write(frame, depth + 1, policy);
    else if (tag !== 'iframe') write(node, depth + 1, policy);
  }

  /** @param {any} node @param {any} outer */
  function inner(node, outer) {
    if (outer.isSecret) return outer;
    let { masked, shown } = outer;
    if (node.matches(['[data-tandem-unmask]', ...unmask].join())) [masked, shown] = [false, true];
    if (node.matches(['[data-tandem-mask]', ...mask].join())) [masked, shown] = [true, false];
    const edited = node.getAttribute('contenteditable');
    // What is in a secret field, as the options of a select, cannot be named as visible.
    if (isSecret(node, node.localName)) return { masked: true, shown: false, isSecret: true };
    if (!shown && ((edited !== null && edited !== 'false') || node.localName === 'select')) masked = true;
    return { masked, shown };
  }

  /** @param {any} node @param {string} tag @param {boolean} isSheet @param {any} policy */
  function attributes(node, tag, isSheet, policy) {
    /** @type {string[]} */
    const all = [];
    for (const { name, value } of node.attributes) {
      if (LEFT_OUT.test(name) || (name === 'content' && tag === 'meta')) continue;
      if (name === 'type' && tag === 'input') continue;
      // A canvas is drawn on the stage as a picture, by its style; a popover is opened there by hand only.
      if (name === 'style' && (tag === 'canvas' || /url\(/i.test(value))) continue;
      if (name === 'popover') {
        all.push(name);
        continue;
      }
      if (name === 'href' && (isSheet || tag === 'link')) continue;
      if (name === 'rel' && tag === 'link' && !isSheet) continue;
      if (name.endsWith('href')) {
        const address = link(value, node, tag);
        if (address !== null && !policy.masked) all.push(`${name}=${JSON.stringify(address)}`);
        continue;
      }
      const isCopy = FIELD.test(tag) && !policy.shown && /^(data-|aria-value|title$|placeholder$)/.test(name);
      const isPlain = /^(class|id|style|role|dir|lang|hidden|disabled|for|name)$/.test(name);
      if (policy.masked && !isPlain) continue;
      if (policy.masked && name === 'name') continue;
      if (!isPlain && (isSecret(node, tag) || node.hasAttribute('data-tandem-secret'))) continue;
      all.push(`${name}=${JSON.stringify(isLive && isCopy ? hidden(value) : value)}`);
    }
    return all.sort().map((one) => ` ${one}`).join('');
  }

  /** @param {string} value @param {any} node @param {string} tag */
  function link(value, node, tag) {
    if (value.trim().startsWith('#')) return value;
    if (tag === 'use') return null;
    try {
      const url = new URL(value.trim(), top.baseURI);
      const address = /^(a|area|iframe)$/.test(tag) && isLive ? url.href.replace(/[?#].*/s, '') : url.href;
      return /^(https?|mailto|tel):$/.test(url.protocol) ? address : null;
    } catch {
      return null;
    }
  }

  /** @param {any} node @param {string} tag @param {any} policy */
  function field(node, tag, policy) {
    if (tag === 'option') return policy.shown ? ` =${node.selected ? 'chosen' : 'free'}` : ' =hidden';
    if (tag !== 'input' && tag !== 'textarea') return '';
    if (!isLive) {
      if (node.hasAttribute('data-tandem-secret')) return ` =secret${node.value}`;
      if (node.hasAttribute('data-tandem-hidden')) return ' =hidden';
      if (node.type === 'checkbox' || node.type === 'radio') return ` =${node.checked ? 'chosen' : 'free'}`;
      return [...node.value].every((c) => c === BULLET) ? ` =masked ${node.value.length}` : ` =${JSON.stringify(node.value)}`;
    }
    const type = tag === 'input' ? node.type : 'textarea';
    if (isSecret(node, tag)) return ' =secret';
    if (type === 'checkbox' || type === 'radio') return policy.shown ? ` =${node.checked ? 'chosen' : 'free'}` : ' =hidden';
    const isShown = policy.shown || (/^(submit|button|reset|image)$/.test(type) && !policy.masked);
    return isShown && node.value ? ` =${JSON.stringify(node.value)}` : ` =masked ${node.value.length}`;
  }

  /** @param {any} node @param {string} tag */
  function isSecret(node, tag) {
    if (!/^(input|textarea|select)$/.test(tag)) return false;
    // Once secret, always secret: whoever changes types on the live page remembers what was secret.
    if (isLive ? globalThis.onceSecret?.has(node) : node.hasAttribute('data-tandem-secret')) return true;
    const isTyped = tag === 'input' && /^(password|hidden|file)$/.test(node.type);
    return isTyped || SECRET.test(node.getAttribute('autocomplete') ?? '') || SECRET_NAME.test(`${node.getAttribute('name') ?? ''}\n${node.id}`);
  }

  /** @param {string} value @param {any} policy */
  function text(value, policy) {
    return isLive && policy.masked ? hidden(value) : value;
  }

  /** @param {string} value */
  function hidden(value) {
    return value.replace(/\S/gu, BULLET);
  }

  /** @param {number} depth @param {string} content */
  function line(depth, content) {
    lines.push('  '.repeat(depth) + content);
  }
}
