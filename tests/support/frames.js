// Frames of a co-browse session made readable, so that a test can search what they carry: on the wire the payloads
// are pieces of one deflate stream per keyframe, in which no text would be found even if it were there.
import { constants, inflateRawSync } from 'node:zlib';

const HEADER_BYTES = 16;
const KEYFRAME = 2;
const FIRST = 1;
const DEFLATED = 4;
/** What ends each piece and is left out on the wire. */
const SYNC_TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/**
 * Gives everything that the frames carry: every payload that is not deflated, and each keyframe's stream inflated.
 * @param {Buffer[]} frames in the order in which they were sent
 * @returns {Buffer}
 */
export function contentOf(frames) {
  const content = [];
  let pieces = [];
  const inflate = () => {
    if (pieces.length) content.push(inflateRawSync(Buffer.concat(pieces), { finishFlush: constants.Z_SYNC_FLUSH }));
    pieces = [];
  };
  for (const frame of frames) {
    if (frame.length < HEADER_BYTES) continue;
    const [, kind, flags] = frame;
    const payload = frame.subarray(HEADER_BYTES);
    if (kind === KEYFRAME && flags & FIRST) inflate();
    if (flags & DEFLATED) pieces.push(payload, SYNC_TAIL);
    else content.push(payload);
  }
  inflate();
  return Buffer.concat(content);
}
