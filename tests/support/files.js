// Files for the journeys, made on the spot, and what an agent does with files by the API.
import { expect } from '@playwright/test';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';

/** A picture of two colours that run into each other, as a PNG file. */
export function picture(name, width = 320, height = 200, from = [38, 92, 166], to = [246, 178, 107]) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const share = (x / width + y / height) / 2;
      for (let channel = 0; channel < 3; channel += 1) {
        rows[y * (width * 3 + 1) + 1 + x * 3 + channel] = from[channel] + (to[channel] - from[channel]) * share;
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return { name, mimeType: 'image/png', buffer: Buffer.concat([signature, ...chunks]) };
}

function chunk(type, bytes) {
  const typed = Buffer.concat([Buffer.from(type), bytes]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/** A file that begins as PDF files do and goes on with bytes nobody can compress. */
export function pdf(name, bytes) {
  const start = Buffer.from('%PDF-1.7\n');
  return { name, mimeType: 'application/pdf', buffer: Buffer.concat([start, randomBytes(bytes - start.length)]) };
}

export function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Clicks and gives what the browser saved. */
export async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Uploads a file as an agent and gives the server's name for it. */
export async function uploadAsAgent(tandem, file) {
  const headers = { authorization: 'Bearer demo-token', 'tus-resumable': '1.0.0' };
  const word = (text) => Buffer.from(text).toString('base64');
  const made = await fetch(`${tandem.origin}/api/v1/attachments`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(file.buffer.length),
      'upload-metadata': `filename ${word(file.name)},filetype ${word(file.mimeType)}`,
    },
  });
  expect(made.status).toBe(201);
  const place = new URL(made.headers.get('location'), tandem.origin);
  for (let offset = 0; offset < file.buffer.length; offset += 1024 * 1024) {
    const piece = file.buffer.subarray(offset, offset + 1024 * 1024);
    const type = 'application/offset+octet-stream';
    const sent = await fetch(place, {
      method: 'PATCH',
      headers: { ...headers, 'upload-offset': String(offset), 'content-type': type },
      body: piece,
    });
    expect(sent.status).toBe(204);
  }
  return place.pathname.split('/').at(-1);
}

/** A message of an agent by the API. `files` are made as above. */
export async function sayAsAgent(tandem, conversationId, text, files = []) {
  const attachments = [];
  for (const file of files) attachments.push(await uploadAsAgent(tandem, file));
  const message_id = `msg_${newId()}`;
  const body = JSON.stringify({ message_id, text, attachments });
  await tandem.api(`conversations/${conversationId}/messages`, { method: 'POST', body });
  return message_id;
}

/** 32 hexadecimal digits of a UUIDv7. */
function newId() {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time}7${random.slice(1, 4)}8${random.slice(5)}`;
}

/** Notes what a browser asks of the upload routes: how many uploads it makes, and where each piece begins. */
export function watchUploads(context) {
  const seen = { made: 0, offsets: [] };
  context.on('request', (request) => {
    if (!request.url().includes('/client/v1/attachments')) return;
    if (request.method() === 'POST') seen.made += 1;
    if (request.method() === 'PATCH') seen.offsets.push(Number(request.headers()['upload-offset']));
  });
  return seen;
}
