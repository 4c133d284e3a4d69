//! The browser's own accessors, taken when this module loads, so that a page that patches prototypes neither
//! changes what is read nor notices the reading, and so that `<input name="ownerDocument">` hides nothing.

/**
 * Gives what reads each of the named properties, in order; it answers null for a node that has no such property, as
 * an `input` element inside SVG.
 * @param {object} prototype @param {string} names separated by spaces
 * @returns {((node: any) => any)[]}
 */
function getters(prototype, names) {
  return names.split(' ').map((name) => {
    const get = /** @type {() => any} */ (Object.getOwnPropertyDescriptor(prototype, name)?.get);
    return (node) => {
      try {
        return get.call(node);
      } catch {
        return null;
      }
    };
  });
}

/** @param {Function} method @returns {(node: any, ...rest: any[]) => any} */
function method(method) {
  return (node, ...rest) => method.apply(node, rest);
}

const element = Element.prototype;
const page = Document.prototype;

export const [
  nodeType, firstChild, nextSibling, previousSibling, parentNode, isConnected, nodeValue, textContent, ownerDocument, baseURI,
] = getters(
  Node.prototype,
  'nodeType firstChild nextSibling previousSibling parentNode isConnected nodeValue textContent ownerDocument baseURI',
);
export const [
  title, compatMode, activeElement, documentElement, body, visibilityState, designMode, defaultView, adoptedByPage,
] = getters(
  page,
  'title compatMode activeElement documentElement body visibilityState designMode defaultView adoptedStyleSheets',
);
export const [attributes, localName, namespaceURI, openShadowRoot, scrollTop, scrollLeft] = getters(
  element,
  'attributes localName namespaceURI shadowRoot scrollTop scrollLeft',
);
export const [attributeName, attributeValue] = getters(Attr.prototype, 'name value');
export const [inputValue, inputType, inputChecked] = getters(HTMLInputElement.prototype, 'value type checked');
export const [areaValue] = getters(HTMLTextAreaElement.prototype, 'value');
export const [optionSelected] = getters(HTMLOptionElement.prototype, 'selected');
export const [frameDocument] = getters(HTMLIFrameElement.prototype, 'contentDocument');
export const getAttribute = method(element.getAttribute);
export const hasAttribute = method(element.hasAttribute);
export const matches = method(element.matches);
export const box = method(element.getBoundingClientRect);
export const byTag = method(page.getElementsByTagName);
export const listenTo = method(EventTarget.prototype.addEventListener);
export const Observer = MutationObserver;
export const frame = window.requestAnimationFrame.bind(window);
export const later = window.setTimeout.bind(window);

/** @param {Document | ShadowRoot | Element} root @param {string} selector @returns {NodeListOf<Element>} */
export function queryAll(root, selector) {
  // By its type and not by its class: a node of a frame is of another realm.
  const type = nodeType(root);
  const owner = type === 1 ? element : type === 9 ? page : DocumentFragment.prototype;
  return owner.querySelectorAll.call(root, selector);
}

/** @param {any} root @returns {CSSStyleSheet[]} */
export function adopted(root) {
  return [...((nodeType(root) === 9 ? adoptedByPage(root) : root.adoptedStyleSheets) ?? [])];
}
