// A relay on socket.io, as its documentation shows one: rooms, an acknowledgement to the sender, the message to the
// others. Nothing is stored; who is away misses it.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((_request, response) => response.end('ready\n'));
const io = new Server(http, { transports: ['websocket'], maxHttpBufferSize: 64 * 1024 });
const seqs = new Map();

io.on('connection', (socket) => {
  socket.on('hello', (rooms, answer) => {
    socket.join(rooms);
    answer();
  });
  socket.on('send', ({ conversation_id, message_id, text }, acknowledge) => {
    const seq = (seqs.get(conversation_id) ?? 0) + 1;
    seqs.set(conversation_id, seq);
    const at = new Date().toISOString();
    acknowledge({ conversation_id, message_id, seq, at });
    socket.to(conversation_id).emit('events', { conversation_id, events: [{ seq, at, message_id, text }] });
  });
  socket.on('receipt', (receipt) => socket.to(receipt.conversation_id).emit('receipts', receipt));
});

process.on('SIGTERM', () => io.close(() => process.exit(0)));

http.listen(Number(process.argv[2]), '127.0.0.1');
