//! The browser's own accessors, taken when this module loads, so that a page that patches prototypes neither
//! changes what is read nor notices the reading, and so that `<input name="ownerDocument">` hides nothing.

/** Makes a method a function of its object: a bound call is what the browser runs fastest, also before it is warm. @type {(method: any) => (node: any, ...rest: any[]) => any} */
const free = Function.prototype.bind.bind(Function.prototype.call);

/**
 * Gives what reads each of the named properties, in order.
 * @param {object} prototype @param {string} names separated by spaces
 * @returns {((node: any) => any)[]}
 */
export function getters(prototype, names) {
  return names.split(' ').map((name) => free(Object.getOwnPropertyDescriptor(prototype, name)?.get));
}

/**
 * The same, answering null for a node that has no such property, as an `input` element inside SVG.
 * @type {typeof getters}
 */
export function careful(prototype, names) {
  return getters(prototype, names).map((get) => (node) => {
    try {
      return get(node);
    } catch {
      return null;
    }
  });
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
  title, compatMode, documentElement, visibilityState, designMode, adoptedByPage,
] = careful(
  page,
  'title compatMode documentElement visibilityState designMode adoptedStyleSheets',
);
export const [localName, namespaceURI, openShadowRoot] = getters(element, 'localName namespaceURI shadowRoot');
export const [inputValue, inputType, inputChecked] = careful(HTMLInputElement.prototype, 'value type checked');
export const [areaValue] = careful(HTMLTextAreaElement.prototype, 'value');
export const [optionSelected] = careful(HTMLOptionElement.prototype, 'selected');
export const [frameDocument] = careful(HTMLIFrameElement.prototype, 'contentDocument');
export const getAttribute = free(element.getAttribute);
export const attributeNames = free(element.getAttributeNames);
export const hasAttribute = free(element.hasAttribute);
export const matches = free(element.matches);
export const box = free(element.getBoundingClientRect);
export const byTag = free(page.getElementsByTagName);
export const listenTo = free(EventTarget.prototype.addEventListener);
export const Observer = MutationObserver;
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
