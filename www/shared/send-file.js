// Sends a kept file: one tab at a time, going on where an earlier try or another tab came to.

import { upload, UploadError } from "./upload.js";

/**
 * Uploads a file that the store keeps and gives the server's name for it.
 * @param {import("./file-store.js").FileStore} store
 * @param {string} fileId
 * @param {{ url: string, headers: Record<string, string>, name: string, mediaType: string,
 *   onProgress: (sentBytes: number) => void, signal?: AbortSignal }} options
 * @returns {Promise<string>}
 */
export async function sendFile(store, fileId, options) {
  return alone(`tandem-upload-${fileId}`, async () => {
    const file = await store.read(fileId);
    if (!file) throw new UploadError("", true);
    // A file that was sent before is asked for as well: the server lets go of what no message took for long.
    const onPlace = (/** @type {string} */ place) => store.note(fileId, { place });
    return upload(file.blob, { ...options, place: file.place, onPlace });
  });
}

/**
 * Runs `work` while no other tab does work of this name. Without locks tabs work beside each other, which costs
 * bytes and breaks nothing: the server takes each byte once.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function alone(name, work) {
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
    return work();
  };
  try {
    return await /** @type {Promise<T>} */ (navigator.locks.request(name, begin));
  } catch (error) {
    // Frames whose storage is blocked have no locks either.
    if (hasBegun) throw error;
    return work();
  }
}
