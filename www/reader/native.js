//! The browser's own accessors, taken when this module loads, so that a page that patches prototypes neither
//! changes what is read nor notices the reading.

/** @param {object} prototype @param {string} name @returns {(node: any) => any} */
function getter(prototype, name) {
  const get = /** @type {() => any} */ (Object.getOwnPropertyDescriptor(prototype, name)?.get);
  return (node) => get.call(node);
}

/** @param {Function} method @returns {(node: any, ...rest: any[]) => any} */
function method(method) {
  return (node, ...rest) => method.apply(node, rest);
}

const node = Node.prototype;
const element = Element.prototype;

export const nodeType = getter(node, 'nodeType');
export const firstChild = getter(node, 'firstChild');
export const nextSibling = getter(node, 'nextSibling');
export const previousSibling = getter(node, 'previousSibling');
export const parentNode = getter(node, 'parentNode');
export const isConnected = getter(node, 'isConnected');
export const nodeValue = getter(node, 'nodeValue');
export const textContent = getter(node, 'textContent');
export const attributes = getter(element, 'attributes');
export const localName = getter(element, 'localName');
export const namespaceURI = getter(element, 'namespaceURI');
export const openShadowRoot = getter(element, 'shadowRoot');
export const scrollTop = getter(element, 'scrollTop');
export const scrollLeft = getter(element, 'scrollLeft');
export const attributeName = getter(Attr.prototype, 'name');
export const attributeValue = getter(Attr.prototype, 'value');
export const inputValue = getter(HTMLInputElement.prototype, 'value');
export const inputType = getter(HTMLInputElement.prototype, 'type');
export const inputChecked = getter(HTMLInputElement.prototype, 'checked');
export const areaValue = getter(HTMLTextAreaElement.prototype, 'value');
export const optionSelected = getter(HTMLOptionElement.prototype, 'selected');
export const frameDocument = getter(HTMLIFrameElement.prototype, 'contentDocument');
export const getAttribute = method(element.getAttribute);
export const hasAttribute = method(element.hasAttribute);
export const matches = method(element.matches);
export const attachShadow = element.attachShadow;
export const Observer = MutationObserver;
export const frame = window.requestAnimationFrame.bind(window);
export const later = window.setTimeout.bind(window);

/** @param {Document | ShadowRoot | Element} root @param {string} selector @returns {NodeListOf<Element>} */
export function queryAll(root, selector) {
  const owner = root instanceof Element ? element : nodeType(root) === 9 ? Document.prototype : DocumentFragment.prototype;
  return owner.querySelectorAll.call(root, selector);
}
