// Uploads a file in pieces that can be resumed (tus 1.0.0): what the server has of it is never sent again.

/** The largest piece, as the server takes it. */
const PIECE_BYTES_MAX = 1024 * 1024;
const PIECE_BYTES_MIN = 32 * 1024;
/** A piece shall take about this long, so that progress shows and a cut costs little. */
const PIECE_MS = 700;
/** A request without an answer is given up after this time. */
const REQUEST_MS = 60_000;

/** Why an upload did not go through. */
export class UploadError extends Error {
  /**
   * @param {string} detail in the server's words; empty when it was not reached
   * @param {boolean} isFinal whether trying again is of no use
   * @param {number} [status] of the answer; none when there was no request
   */
  constructor(detail, isFinal, status = 0) {
    super(detail);
    this.detail = detail;
    this.isFinal = isFinal;
    this.status = status;
  }
}

/**
 * @typedef {object} UploadOptions
 * @property {string} url where uploads are made
 * @property {Record<string, string>} headers what proves the sender
 * @property {string} name the file's name
 * @property {string} mediaType may be empty
 * @property {string} [place] where an earlier try made it
 * @property {(place: string) => unknown} onPlace hears where it is made; waited for before the first byte is sent
 * @property {(sentBytes: number) => void} onProgress
 * @property {AbortSignal} [signal]
 */

/**
 * Uploads a file and gives the server's name for it.
 * @param {Blob} file
 * @param {UploadOptions} options
 * @returns {Promise<string>}
 */
export async function upload(file, options) {
  let { place } = options;
  let offset = place ? await offsetOf(place, options) : undefined;
  if (place === undefined || offset === undefined) {
    place = await create(file, options);
    offset = 0;
    await options.onPlace(place);
  }
  options.onProgress(offset);
  let pieceBytes = 4 * PIECE_BYTES_MIN;
  while (offset < file.size) {
    const began = performance.now();
    const end = Math.min(offset + pieceBytes, file.size);
    offset = await sendPiece(place, offset, file.slice(offset, end), options);
    options.onProgress(offset);
    const wanted = (pieceBytes * PIECE_MS) / Math.max(performance.now() - began, 1);
    pieceBytes = Math.round(Math.min(PIECE_BYTES_MAX, 2 * pieceBytes, Math.max(PIECE_BYTES_MIN, wanted)));
  }
  return place.slice(place.lastIndexOf("/") + 1);
}

/**
 * Gives how much of it the server has; undefined when it has let go of it.
 * @param {string} place
 * @param {UploadOptions} options
 */
async function offsetOf(place, options) {
  const answer = await request("HEAD", place, {}, undefined, options);
  if (answer.status === 404 || answer.status === 410) return undefined;
  return offsetIn(await accepted(answer));
}

/**
 * @param {Blob} file
 * @param {UploadOptions} options
 */
async function create(file, options) {
  const metadata = `filename ${base64(options.name)},filetype ${base64(options.mediaType)}`;
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": metadata };
  const answer = await accepted(await request("POST", options.url, headers, undefined, options));
  const location = answer.headers.get("Location");
  if (!location) throw new UploadError("", false);
  return new URL(location, new URL(options.url, self.location.href)).href;
}

/**
 * Sends a piece and gives how much the server has then. It may have more or less than we thought, after a cut or
 * when another tab sends the same file: the next piece begins where it says.
 * @param {string} place
 * @param {number} offset
 * @param {Blob} piece
 * @param {UploadOptions} options
 */
async function sendPiece(place, offset, piece, options) {
  const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
  const answer = await request("PATCH", place, headers, piece, options);
  if (answer.status !== 409) return offsetIn(await accepted(answer));
  const known = await offsetOf(place, options);
  if (known === undefined || known === offset) throw new UploadError("", false);
  return known;
}

/**
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {Blob | undefined} body
 * @param {UploadOptions} options
 */
async function request(method, url, headers, body, options) {
  const limit = AbortSignal.timeout(REQUEST_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  try {
    const all = { ...options.headers, ...headers, "Tus-Resumable": "1.0.0" };
    return await fetch(url, { method, headers: all, body, signal, cache: "no-store" });
  } catch {
    throw new UploadError("", false);
  }
}

/** @param {Response} answer */
async function accepted(answer) {
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  const { status } = answer;
  // Somebody who has to log in again, a lock, and a limit in time are over some day; other refusals are not.
  const isFinal = status >= 400 && status < 500 && ![401, 404, 408, 409, 410, 423, 429].includes(status);
  throw new UploadError(typeof problem?.detail === "string" ? problem.detail : "", isFinal, status);
}

/** @param {Response} answer */
function offsetIn(answer) {
  const offset = Number(answer.headers.get("Upload-Offset") ?? NaN);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new UploadError("", false);
  return offset;
}

/** @param {string} text */
function base64(text) {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
