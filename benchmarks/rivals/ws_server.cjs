// ws: a set of sockets for each conversation, and the heartbeat of its README.
const { createServer } = require('http');
const { WebSocketServer, WebSocket } = require('ws');
const { addMessage, conversationsOf, personWith } = require('./store.cjs');

const audiences = new Map();
const server = createServer((request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ noServer: true });

server.on('upgrade', (request, socket, head) => {
  const token = new URL(request.url, 'http://localhost').searchParams.get('token');
  const person = personWith(token);
  if (!person) {
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (ws) => welcome(ws, person));
});

function welcome(ws, person) {
  const mine = conversationsOf(person);
  for (const key of mine) {
    if (!audiences.has(key)) audiences.set(key, new Set());
    audiences.get(key).add(ws);
  }
  ws.isAlive = true;
  ws.on('pong', () => { ws.isAlive = true; });
  ws.on('error', () => {});
  ws.on('close', () => mine.forEach((key) => audiences.get(key).delete(ws)));
  ws.on('message', (frame) => post(person, JSON.parse(frame)));
  ws.send(JSON.stringify({ type: 'ready' }));
}

function post(person, { conversation, text }) {
  const message = addMessage(person, conversation, text);
  if (!message) return;
  const frame = JSON.stringify(message);
  for (const ws of audiences.get(conversation)) {
    if (ws.readyState === WebSocket.OPEN) ws.send(frame);
  }
}

setInterval(() => {
  for (const ws of sockets.clients) {
    if (!ws.isAlive) {
      ws.terminate();
    } else {
      ws.isAlive = false;
      ws.ping();
    }
  }
}, 30_000);

server.listen(Number(process.env.BENCH_PORT), '127.0.0.1', 8192);
