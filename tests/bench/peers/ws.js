// A relay on `ws`, as one would write it: rooms in memory, a seq per room, an answer to the sender, the message to
// the others. Nothing is stored; who is away misses it.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Room } from './room.js';

const HEARTBEAT_MS = 25_000;

const http = createServer((_request, response) => response.end('ready\n'));
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 64 * 1024 });

sockets.on('connection', (socket) => {
  socket.on('message', (bytes) => take(socket, JSON.parse(bytes)));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => socket.rooms?.forEach((room) => room.leave(socket)));
});

setInterval(() => {
  for (const socket of sockets.clients) socket.ping();
}, HEARTBEAT_MS);

process.on('SIGTERM', () => {
  for (const socket of sockets.clients) socket.close(1012);
  http.close(() => process.exit(0));
});

http.listen(Number(process.argv[2]), '127.0.0.1');

function take(socket, message) {
  if (message.type === 'hello') {
    socket.rooms = message.rooms.map((name) => Room.join(name, socket));
    socket.send(JSON.stringify({ type: 'welcome' }));
  } else if (message.type === 'send') {
    const { conversation_id, message_id, text } = message;
    const room = Room.of(conversation_id);
    const seq = room.next();
    const at = new Date().toISOString();
    socket.send(JSON.stringify({ type: 'ack', conversation_id, message_id, seq, at }));
    pass(room, socket, { type: 'events', conversation_id, events: [{ seq, at, message_id, text }] });
  } else if (message.type === 'receipt') {
    pass(Room.of(message.conversation_id), socket, { ...message, type: 'receipts' });
  }
}

/** Sends to everybody in the room but the sender; the text is made once. */
function pass(room, sender, message) {
  const text = JSON.stringify(message);
  for (const member of room.members) {
    if (member !== sender) member.send(text);
  }
}
