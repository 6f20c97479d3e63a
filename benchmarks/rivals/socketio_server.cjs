// Socket.IO with its defaults: a room for each conversation.
const { createServer } = require('http');
const { Server } = require('socket.io');
const { addMessage, conversationsOf, personWith } = require('./store.cjs');

const server = createServer((request, response) => response.writeHead(404).end());
const io = new Server(server);

io.use((socket, next) => {
  socket.data.person = personWith(socket.handshake.query.token);
  next(socket.data.person ? undefined : new Error('unauthorized'));
});

io.on('connection', (socket) => {
  const { person } = socket.data;
  socket.join(conversationsOf(person).map(String));
  socket.on('message', ({ conversation, text }) => {
    const message = addMessage(person, conversation, text);
    if (message) io.to(String(conversation)).emit('message', message);
  });
});

server.listen(Number(process.env.BENCH_PORT), '127.0.0.1', 8192);
