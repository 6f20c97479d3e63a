import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Api } from '../../flask_chat/static/net/api.js';
import { verdict } from '../../flask_chat/static/net/wire.js';
import { ChatSocket } from '../../flask_chat/static/net/socket.js';
import { identified, parse } from '../../flask_chat/static/net/wire.js';
import { Clock, settled } from './support/clock.js';
import { Sockets } from './support/sockets.js';

/** @type {Clock} */ let clock;
/** @type {Sockets} */ let net;
/** @type {ChatSocket} */ let socket;
/** @type {string[]} */ let story;
/** @type {any[]} */ let heard;
/** @type {any} */ let identity;
let asked = 0;

beforeEach(() => {
  clock = new Clock();
  net = new Sockets();
  story = [];
  heard = [];
  identity = 'same';
  asked = 0;
  const env = /** @type {any} */ ({ ...clock, WebSocket: net.constructor_, random: () => 0.5, now: () => clock.now });
  socket = new ChatSocket({ url: 'ws://school/chat/ws', heartbeat: 25 }, env, {
    onFrame: (frame) => heard.push(frame),
    onStatus: (status) => story.push(status),
    whoAmI: async () => (asked++, identity),
  });
});

function lively() {
  socket.start();
  net.last.greet();
  socket.synced();
}

test('it goes from connecting over syncing to live', () => {
  lively();
  assert.deepEqual(story, ['connecting', 'syncing', 'live']);
  assert.equal(heard[0].type, 'hello');
});

test('a lost connection is taken up again after a random pause that doubles', async () => {
  lively();
  const pauses = [];
  for (let round = 0; round < 4; round++) {
    net.last.end(1006);
    pauses.push(clock.waiting[0]);
    await clock.pass(clock.waiting[0]);
    net.last.greet();
  }
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000]);
});

test('the pause is short again only after five seconds of life', async () => {
  lively();
  net.last.end(1006);
  await clock.pass(500);
  net.last.greet();
  socket.synced();
  await clock.pass(5_000);
  net.last.end(1006);
  assert.equal(clock.waiting[0], 500);
});

test('4001 is final', async () => {
  lively();
  net.last.end(4001);
  assert.equal(socket.status, 'unauthorised');
  socket.setVisible(false);
  socket.setVisible(true);
  socket.retryNow(true);
  await clock.pass(600_000);
  assert.equal(net.all.length, 1);
});

test('1009 ends it until a person asks', async () => {
  lively();
  net.last.end(1009);
  await clock.pass(600_000);
  assert.equal(socket.status, 'refused');
  assert.equal(net.all.length, 1);
  socket.retryNow(true);
  assert.equal(net.all.length, 2);
});

test('4003 asks who we are once and comes back as the same person', async () => {
  lively();
  net.last.end(4003);
  await clock.pass(999);
  assert.equal(asked, 0);
  await clock.pass(1_001);
  assert.equal(asked, 1);
  await clock.pass(2_000);
  assert.equal(net.all.length, 2);
});

test('4003 stops for another person', async () => {
  lively();
  identity = 'other';
  net.last.end(4003);
  await clock.pass(60_000);
  assert.equal(socket.status, 'unauthorised');
  assert.equal(net.all.length, 1);
});

test('4009 rests until the page is looked at again', async () => {
  lively();
  socket.setVisible(false);
  net.last.end(4009);
  await clock.pass(600_000);
  assert.equal(net.all.length, 1);
  socket.setVisible(true);
  assert.equal(net.all.length, 2);
});

test('1012 comes back within the span that bye named', () => {
  lively();
  net.last.tell({ type: 'bye', retry_ms: [2_000, 4_000] });
  net.last.end(1012);
  assert.equal(clock.waiting[0], 3_000);
});

test('unknown codes follow their range', () => {
  assert.deepEqual(verdict(4050, null), { then: 'stop', status: 'refused' });
  assert.equal(verdict(4150, null).then, 'pause');
  assert.equal(verdict(3000, null).then, 'retry');
});

test('two failures before open with a session that is fine mean polling, with rare further tries', async () => {
  socket.start();
  net.last.end(1006);
  await clock.pass(500);
  net.last.end(1006);
  await clock.pass(0);
  assert.equal(socket.status, 'polling');
  await clock.pass(44_000);
  assert.equal(net.all.length, 2);
  await clock.pass(25_000);
  assert.equal(net.all.length, 3);
  assert.equal(socket.status, 'polling');
  net.last.greet();
  socket.synced();
  assert.equal(socket.status, 'live');
});

test('two failures before open with nobody signed in stop it', async () => {
  identity = 'other';
  socket.start();
  net.last.end(1006);
  await clock.pass(500);
  net.last.end(1006);
  await clock.pass(60_000);
  assert.equal(socket.status, 'unauthorised');
});

test('a server that is away is tried again and again', async () => {
  identity = 'unknown';
  socket.start();
  for (let round = 0; round < 12; round++) {
    net.last.end(1006);
    await clock.pass(30_000);
  }
  assert.ok(net.all.length > 8);
});

test('silence for 65 seconds counts as lost', async () => {
  lively();
  await clock.pass(64_000);
  net.last.tell({ type: 'heartbeat' });
  await clock.pass(64_000);
  assert.equal(socket.status, 'live');
  await clock.pass(1_100);
  assert.equal(socket.status, 'waiting');
  assert.equal(net.all[0].closed, true);
});

test('an old socket’s late words are ignored', async () => {
  lively();
  const [old] = net.all;
  old.end(1006);
  await clock.pass(500);
  old.tell({ type: 'message.posted' });
  old.end(4001);
  assert.equal(heard.length, 1);
  assert.equal(socket.status, 'connecting');
});

test('a hidden page makes no attempts, and lets go of its socket after a minute', async () => {
  lively();
  socket.setVisible(false);
  await clock.pass(59_000);
  assert.equal(socket.status, 'live');
  net.last.tell({ type: 'heartbeat' });
  await clock.pass(2_000);
  assert.equal(socket.status, 'idle');
  await clock.pass(600_000);
  assert.equal(net.all.length, 1);
  socket.setVisible(true);
  assert.equal(net.all.length, 2);
});

test('offline waits; online comes back at once', async () => {
  lively();
  socket.setOnline(false);
  await clock.pass(60_000);
  assert.equal(socket.status, 'offline');
  socket.setOnline(true);
  assert.equal(net.all.length, 2);
});

test('an answer finds its question, and a lost connection lets none wait', async () => {
  lively();
  const first = socket.ask('message.post', { body: 'hi' });
  const { ref } = net.last.sent[0];
  net.last.tell({ type: 'reply', ref, data: { done: true } });
  assert.deepEqual(await first, { done: true });
  const second = socket.ask('message.post', { body: 'hi' });
  net.last.end(1006);
  await assert.rejects(second, { code: 'unreachable' });
});

test('an error with a ref rejects with its code', async () => {
  lively();
  const question = socket.ask('message.post', {});
  net.last.tell({ type: 'error', ref: net.last.sent[0].ref, code: 'not_found', detail: 'no' });
  await assert.rejects(question, { code: 'not_found' });
});

test('ids become strings at the wire', () => {
  const frame = identified({ conversation: 7, data: { id: 3, author: { id: 4 }, reply_to: null, seq: 9 }, gone: [1, '2'] });
  assert.deepEqual(frame, { conversation: '7', data: { id: '3', author: { id: '4' }, reply_to: null, seq: 9 }, gone: ['1', '2'] });
  assert.equal(parse('{"no":"type"}'), null);
  assert.equal(parse('not json'), null);
});

/** @param {any[]} answers @returns {{api: Api, calls: any[], refused: () => number}} */
function served(answers) {
  /** @type {any[]} */
  const calls = [];
  let refused = 0;
  const fetch = async (/** @type {string} */ url, /** @type {any} */ options) => {
    calls.push({ url, ...options });
    const { status, body } = answers.shift();
    if (status === 0) throw new TypeError('network');
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  const boot = { api: '/chat/api', csrf: { header: 'X-Token', token: 'first' } };
  const api = new Api(boot, /** @type {any} */ ({ ...clock, fetch }), () => refused++);
  return { api, calls, refused: () => refused };
}

test('a refused token is fetched anew once, and the request repeated', async () => {
  const { api, calls } = served([
    { status: 403, body: { error: { code: 'csrf', detail: '' } } },
    { status: 200, body: { user: { id: 1 }, csrf: { header: 'X-Token', token: 'second' } } },
    { status: 201, body: { ok: true } },
  ]);
  assert.deepEqual(await api.send('POST', '/conversations', {}), { ok: true });
  assert.deepEqual(calls.map((call) => call.headers['X-Token']), ['first', undefined, 'second']);
});

test('a host’s own CSRF page counts as a refused token', async () => {
  const { api, calls } = served([
    { status: 400, body: '<h1>Bad Request</h1>' },
    { status: 200, body: { user: { id: 1 }, csrf: null } },
    { status: 200, body: {} },
  ]);
  await api.send('POST', '/sync', {});
  assert.equal(calls.length, 3);
});

test('an ordinary refusal is not repeated', async () => {
  const { api, calls } = served([{ status: 422, body: { error: { code: 'invalid', detail: 'too short' } } }]);
  await assert.rejects(api.send('POST', '/x', {}), { code: 'invalid', status: 422, message: 'too short' });
  assert.equal(calls.length, 1);
});

test('401 is told at once', async () => {
  const { api, refused } = served([{ status: 401, body: { error: { code: 'unauthorized' } } }]);
  await assert.rejects(api.get('/people'), { code: 'unauthorized' });
  assert.equal(refused(), 1);
});

test('a network that fails is no refusal', async () => {
  const { api } = served([{ status: 0 }]);
  await assert.rejects(api.get('/people'), (/** @type {any} */ problem) => problem.code === 'unreachable' && problem.passing);
  await settled();
});
