// Random changes of a page, repeatable by their seed. It runs inside the page.

/**
 * Changes the page `count` times: nodes come, go, move, wrap each other, are kept outside for a while; attributes,
 * texts and field values change; shadow roots, frames, templates and masked parts are among what comes; what is masked,
 * and what type a field is, changes as well.
 * @param {{seed: number, count: number}} plan
 */
export function mutate({ seed, count }) {
  const memory = (window.mutateMemory ??= { state: seed >>> 0, outside: [] });
  const random = (below) => {
    memory.state = (Math.imul(memory.state, 1664525) + 1013904223) >>> 0;
    return (memory.state >>> 8) % below;
  };
  const pick = (list) => list[random(list.length)];
  const TAGS = ['div', 'p', 'span', 'ul', 'b', 'input', 'textarea', 'my-card', 'section', 'button', 'select', 'template', 'script', 'iframe'];
  for (let i = 0; i < count; i++) {
    const all = [...document.body.querySelectorAll('*')].filter((element) => !element.closest('svg, select, [data-tandem-host]'));
    if (all.length) change(all, pick(all), random(15));
    else document.body.append(make());
  }

  function change(all, element, kind) {
    const other = pick(all);
    if (kind === 0) element.append(make());
    else if (kind === 1) element.before(make(), make());
    else if (kind === 2 && all.length > 40) {
      element.remove();
      if (random(2)) memory.outside.push(element);
    } else if (kind === 3 && !element.contains(other)) {
      other.insertBefore(element, other.childNodes[random(other.childNodes.length + 1)] ?? null);
    } else if (kind === 4) attribute(element, pick(['class', 'title', 'data-q', 'id']));
    else if (kind === 5) element.removeAttribute(pick(['class', 'title', 'data-q']));
    else if (kind === 6) rewrite(element);
    else if (kind === 7 && memory.outside.length) {
      const [returning] = memory.outside.splice(random(memory.outside.length), 1);
      if (!returning.contains(element)) element.append(returning);
    } else if (kind === 8) type();
    else if (kind === 9 && memory.outside.length) {
      const shelter = pick(memory.outside);
      if (!element.contains(shelter)) shelter.append(element);
    } else if (kind === 10) {
      const wrapper = document.createElement('div');
      element.replaceWith(wrapper);
      wrapper.append(element);
    } else if (kind === 11) element.toggleAttribute(pick(['data-tandem-mask', 'data-tandem-unmask', 'data-tandem-block', 'contenteditable']));
    else if (kind === 12) retype();
    else if (kind === 13) inside();
    else if (kind === 14) element.append(pick(['', 'x', 'beside']), pick(['', 'y']));
  }

  // A field that was secret stays so, and only the page that changes it can tell the comparison.
  function retype() {
    const field = pick([...document.querySelectorAll('input')]);
    if (!field) return;
    if (/^(password|hidden)$/.test(field.type)) window.onceSecret?.add(field);
    field.type = pick(['text', 'email', 'checkbox', 'password', 'hidden']);
  }

  function inside() {
    const holders = [...document.querySelectorAll('*')].flatMap((one) => one.shadowRoot ?? one.contentDocument?.body ?? []);
    const holder = pick(holders.filter((one) => !one.getRootNode().host?.closest('[data-tandem-host]') && !one.ownerDocument.defaultView?.frameElement?.closest('[data-tandem-host]')));
    if (!holder) return;
    if (holder.childNodes.length > 3) holder.firstChild.remove();
    else holder.append(pick(['inside ', '']), make(2));
  }

  function attribute(element, name) {
    // No two elements share an id: a field with the id of a secret one is taken for its other shape.
    memory.ids = (memory.ids ?? 0) + 1;
    element.setAttribute(name, name === 'id' ? `x${memory.ids}` : pick(['secretive', 'open', `x${random(50)}`, '']));
  }

  function rewrite(element) {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    if (text && !text.parentNode.closest('script, style')) text.data = `${text.data.slice(0, random(20))}~${random(99)}`;
  }

  function type() {
    const field = pick([...document.querySelectorAll('input, textarea')]);
    if (!field || /^(file|date|hidden)$/.test(field.type)) return;
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = !field.checked;
    else field.value = `typed ${random(999)}`;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function make(depth = 0) {
    const tag = pick(TAGS);
    const element = document.createElement(tag);
    if (random(3) === 0) element.className = pick(['secretive', 'open', 'c1', 'c2']);
    if (tag === 'script') element.type = 'text/plain';
    else if (tag === 'input') {
      element.type = pick(['text', 'password', 'checkbox', 'email', 'hidden', 'radio']);
      element.value = `value ${random(99)}`;
    } else if (tag === 'textarea') element.textContent = `area ${random(9)}`;
    else if (tag === 'select') for (let i = 0; i < 3; i++) element.append(new Option(`label ${i}`, `value ${i}`, false, i === random(3)));
    else if (tag !== 'template' && depth < 3) {
      for (let i = random(4); i > 0; i--) element.append(random(2) ? pick(['a', 'b ', '', 'ü😀', '\n']) : make(depth + 1));
      if (random(12) === 0 && /^(div|section|span|my-card)$/.test(tag)) element.attachShadow({ mode: 'open' }).append(make(2), 'inside');
    }
    if (random(9) === 0) element.append(document.createComment('not sent'));
    if (random(14) === 0) element.setAttribute('contenteditable', 'true');
    if (random(14) === 0) element.setAttribute('data-tandem-mask', '');
    return element;
  }
}
