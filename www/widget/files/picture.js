// What browsers show as a picture. SVG is none: it is a document that can hold scripts.

/** @param {string} mediaType */
export function isPicture(mediaType) {
  return /^image\/(png|jpeg|gif|webp|avif)$/.test(mediaType);
}
