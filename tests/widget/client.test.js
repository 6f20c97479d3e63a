import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createChatClient } from '../../flask_chat/static/client.js';
import { ANA, BEN, boot, head, member, message, posted } from './support/builders.js';
import { Clock } from './support/clock.js';
import { Sockets } from './support/sockets.js';

/** @type {Clock} */ let clock;
/** @type {Sockets} */ let net;
/** @type {{method: string, path: string, body: any}[]} */ let calls;
/** @type {Record<string, (body: any, path: string) => any>} */ let routes;
/** @type {Map<string, string>} */ let stored;
/** @type {import('../../flask_chat/static/client.js').Client} */ let client;

beforeEach(() => {
  clock = new Clock();
  net = new Sockets();
  calls = [];
  stored = new Map();
  routes = {
    'GET /sync': () => ({ totals: { unread: 3, conversations: 1 }, epoch: 'e1' }),
    'POST /sync': () => ({ conversations: [head({ last_seq: 2, last_change: 2, unread: 2, counted_to: 2 })], next: null, gone: [], totals: {}, epoch: 'e1' }),
    'GET /conversations/7/messages': () => ({ messages: [message(1), message(2)], more: false, head: 2 }),
    'GET /session': () => boot(),
  };
  client = createChatClient(boot(), environment());
});

/** @returns {any} */
function environment() {
  let tokens = 0;
  return {
    ...clock,
    fetch,
    WebSocket: net.constructor_,
    random: () => 0.5,
    now: () => clock.now,
    token: () => `token-${++tokens}`,
    storage: storage(),
    origin: 'http://school.test',
  };
}

/** @returns {any} the part of Storage that is used, keys enumerable as in a browser */
function storage() {
  return new Proxy(
    {},
    {
      get: (_, name) =>
        ({
          getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
          setItem: (/** @type {string} */ key, /** @type {string} */ value) => void stored.set(key, value),
          removeItem: (/** @type {string} */ key) => void stored.delete(key),
        })[String(name)],
      ownKeys: () => [...stored.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  );
}

/** @param {any} url @param {any} options */
async function fetch(url, { method, body }) {
  const path = String(url).replace('/chat/api', '');
  const parsed = body && JSON.parse(body);
  calls.push({ method, path, body: parsed });
  const answer = routes[`${method} ${path.split('?')[0]}`]?.(parsed, path);
  if (answer === 'network') throw new TypeError('network');
  if (!answer) return new Response('{"error":{"code":"not_found"}}', { status: 404 });
  return new Response(JSON.stringify(answer.body ?? answer), { status: answer.status ?? 200 });
}

const state = () => client.getSnapshot();
const asked = (/** @type {string} */ start) => calls.filter((call) => `${call.method} ${call.path}`.startsWith(start));
const posts = () => net.last.sent.filter((frame) => frame.type === 'message.post');

/** What is imported at the first opening arrives outside of the fake clock. */
async function loaded() {
  await Promise.all([import('../../flask_chat/static/client/desk.js'), import('../../flask_chat/static/state/apply.js')]);
  for (let turn = 0; turn < 40; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.pass(0);
  }
}

async function opened() {
  client.start();
  net.last.greet();
  await clock.pass(0);
  await client.dispatch({ type: 'open' });
  await loaded();
  await client.dispatch({ type: 'conversation.open', conversation: '7' });
}

test('closed it needs one socket and one small request', async () => {
  client.start();
  net.last.greet();
  await loaded();
  assert.deepEqual(calls.map((call) => call.path), ['/sync?totals=1']);
  assert.equal(net.all.length, 1);
  assert.equal(net.last.url, 'ws://school.test/chat/ws');
  assert.equal(state().totals.unread, 3);
  assert.equal(state().connection.status, 'live');
});

test('a message that arrives while closed is counted', async () => {
  client.start();
  net.last.greet();
  await loaded();
  net.last.tell(posted(message(3)));
  net.last.tell(posted(message(4)));
  routes['GET /sync'] = () => ({ totals: { unread: 5, conversations: 1 }, epoch: 'e1' });
  await clock.pass(1_000);
  assert.equal(state().totals.unread, 5);
  assert.deepEqual(calls.map((call) => call.path), ['/sync?totals=1', '/sync?totals=1']);
});

test('where message after message arrives while closed, they are counted here', async () => {
  client.start();
  net.last.greet();
  await loaded();
  routes['POST /sync'] = () => ({ conversations: [head({ last_seq: 5, last_change: 5, unread: 5, counted_to: 5 })], next: null, gone: [], totals: {}, epoch: 'e1' });
  for (const seq of [3, 4, 5, 6]) {
    net.last.tell(posted(message(seq)));
    await clock.pass(1_000);
  }
  await loaded();
  assert.equal(state().totals.unread, 6);
  net.last.tell(posted(message(7)));
  assert.equal(state().totals.unread, 7);
  assert.equal(asked('GET /sync').length, 4);
});

test('an opened conversation shows its newest page', async () => {
  await opened();
  assert.deepEqual(state().threads['7'].rows.map((row) => row.seq), [1, 2]);
  assert.equal(state().threads['7'].line, 0);
});

test('a message is shown at once, sent over the socket, and settled by its echo', async () => {
  await opened();
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  assert.equal(state().outbox[0].status, 'sending');
  const [frame] = posts();
  assert.deepEqual(frame.data, { conversation: '7', body: 'hi', client_id: 'token-1' });
  net.last.tell(posted(message(3, { author: ANA, client_id: 'token-1', body: 'hi' })));
  assert.deepEqual(state().outbox, []);
  net.last.tell({ type: 'reply', ref: frame.ref, data: { message: message(3, { author: ANA, client_id: 'token-1', body: 'hi' }) } });
  await clock.pass(0);
  assert.deepEqual(state().threads['7'].rows.map((row) => row.seq), [1, 2, 3]);
});

test('a message whose answer is lost goes again with the same client_id', async () => {
  await opened();
  routes['POST /conversations/7/messages'] = (body) => ({ message: message(3, { author: ANA, client_id: body.client_id, body: body.body }) });
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  net.last.end(1006);
  await clock.pass(0);
  assert.equal(asked('POST /conversations/7/messages')[0].body.client_id, 'token-1');
  assert.deepEqual(state().outbox, []);
});

test('messages of one conversation go one after the other', async () => {
  await opened();
  client.dispatch({ type: 'message.post', conversation: '7', body: 'one' });
  client.dispatch({ type: 'message.post', conversation: '7', body: 'two' });
  assert.equal(posts().length, 1);
  net.last.tell({ type: 'reply', ref: posts()[0].ref, data: { message: message(3, { author: ANA, client_id: 'token-1' }) } });
  await clock.pass(0);
  assert.equal(posts()[1].data.body, 'two');
});

test('a refusal stays with its reason until a person decides', async () => {
  await opened();
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  net.last.tell({ type: 'error', ref: posts()[0].ref, code: 'forbidden', detail: '' });
  await clock.pass(0);
  assert.equal(state().outbox[0].status, 'failed');
  assert.equal(state().outbox[0].reason, 'forbidden');
  client.dispatch({ type: 'message.retry', client_id: 'token-1' });
  assert.equal(posts()[1].data.client_id, 'token-1');
  client.dispatch({ type: 'message.discard', client_id: 'token-1' });
  assert.deepEqual(state().outbox, []);
});

test('a slow answer is said after ten seconds', async () => {
  await opened();
  routes['POST /conversations/7/messages'] = () => 'network';
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  await clock.pass(9_900);
  assert.equal(state().outbox[0].status, 'sending');
  await clock.pass(200);
  assert.equal(state().outbox[0].status, 'slow');
});

test('what was written offline waits, and goes when the connection is back', async () => {
  await opened();
  client.setOnline(false);
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  assert.equal(state().outbox[0].status, 'queued');
  client.setOnline(true);
  net.last.greet();
  await loaded();
  assert.equal(posts()[0].data.body, 'hi');
});

test('a gap is asked for after half a second', async () => {
  await opened();
  routes['GET /conversations/7/changes'] = () => ({ changes: [posted(message(3))], head: 3, more: false });
  net.last.tell(posted(message(4)));
  await clock.pass(400);
  assert.equal(asked('GET /conversations/7/changes').length, 0);
  await clock.pass(200);
  assert.equal(asked('GET /conversations/7/changes?after=2').length, 1);
  assert.deepEqual(state().threads['7'].rows.map((row) => row.seq), [1, 2, 3, 4]);
});

test('more than two hundred changes behind, the newest page is loaded instead', async () => {
  await opened();
  routes['POST /sync'] = () => ({ conversations: [head({ last_seq: 900, last_change: 900, counted_to: 900 })], next: null, gone: [], epoch: 'e1' });
  routes['GET /conversations/7'] = () => ({ conversation: head({ last_seq: 900, last_change: 900, counted_to: 900 }) });
  routes['GET /conversations/7/messages'] = () => ({ messages: [message(899), message(900)], more: true, head: 900 });
  net.last.tell({ type: 'resync', why: 'overflow' });
  await loaded();
  assert.equal(asked('GET /conversations/7/changes').length, 0);
  assert.deepEqual(state().threads['7'].rows.map((row) => row.seq), [899, 900]);
});

test('an unknown conversation is asked for', async () => {
  await opened();
  const before = asked('POST /sync').length;
  net.last.tell({ ...posted(message(1)), conversation: '99' });
  await clock.pass(0);
  assert.equal(asked('POST /sync').length, before + 1);
  assert.deepEqual(asked('POST /sync')[before].body.known, { 7: [2, 1] });
});

test('another epoch forgets everything and loads it anew', async () => {
  await opened();
  routes['POST /sync'] = () => ({ conversations: [head({ last_seq: 1, last_change: 1, counted_to: 1 })], next: null, gone: [], epoch: 'e2' });
  routes['GET /conversations/7/messages'] = () => ({ messages: [message(1)], more: false, head: 1 });
  net.last.end(1006);
  await clock.pass(500);
  net.last.greet({ epoch: 'e2' });
  await loaded();
  assert.equal(state().epoch, 'e2');
  assert.equal(state().conversations['7'].last, 1);
});

test('a server that was busy while catching up is asked again', async () => {
  await opened();
  routes['POST /sync'] = () => ({ status: 503, body: { error: { code: 'unavailable' } } });
  net.last.tell({ type: 'resync', why: 'server' });
  await clock.pass(0);
  const before = asked('POST /sync').length;
  await clock.pass(6_000);
  assert.ok(asked('POST /sync').length > before);
});

test('reading is told once for a burst', async () => {
  await opened();
  client.dispatch({ type: 'read', conversation: '7', seq: 1 });
  client.dispatch({ type: 'read', conversation: '7', seq: 2 });
  assert.equal(state().totals.unread, 0);
  await clock.pass(400);
  const reads = net.last.sent.filter((frame) => frame.type === 'conversation.read');
  assert.deepEqual(reads.map((frame) => frame.data), [{ conversation: '7', seq: 2 }]);
});

test('without a socket it polls and sends over REST', async () => {
  client.start();
  net.last.end(1006);
  await clock.pass(500);
  net.last.end(1006);
  await loaded();
  assert.equal(state().connection.status, 'polling');
  await client.dispatch({ type: 'open' });
  await loaded();
  await client.dispatch({ type: 'conversation.open', conversation: '7' });
  routes['POST /conversations/7/messages'] = (body) => ({ message: message(3, { author: ANA, client_id: body.client_id }) });
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  await clock.pass(0);
  assert.deepEqual(state().outbox, []);
  const before = asked('POST /sync').length;
  await clock.pass(6_000);
  assert.ok(asked('POST /sync').length > before);
});

test('drafts and what is not sent survive the page, and nobody else finds them', async () => {
  await opened();
  client.dispatch({ type: 'draft.change', conversation: '7', body: 'half' });
  client.setOnline(false);
  client.dispatch({ type: 'message.post', conversation: '7', body: 'hi' });
  client.stop();
  const again = createChatClient(boot(), environment());
  await again.dispatch({ type: 'open' });
  assert.equal(again.getSnapshot().drafts['7'], 'half');
  assert.equal(again.getSnapshot().outbox[0].body, 'hi');
  createChatClient({ ...boot(), user: { ...ANA, id: '2' } }, environment());
  assert.equal(stored.size, 0);
});

test('nothing that was received is stored', async () => {
  await opened();
  client.stop();
  assert.ok(![...stored.values()].some((text) => text.includes('words')));
});

test('an expelled member sees the conversation go', async () => {
  await opened();
  net.last.tell({ type: 'member.left', conversation: '7', change: 3, data: { members: [{ ...ANA, left: true }], by: '2' } });
  assert.equal(state().conversations['7'], undefined);
  assert.equal(state().gone, '7');
});

test('a newer question for people ends the older one, and a failure keeps the list', async () => {
  await opened();
  routes['GET /people'] = () => ({ people: [{ id: 2, name: 'Ben', role: null, avatar: null }], next: null });
  await client.dispatch({ type: 'people.search', query: '' });
  assert.deepEqual(state().people.list.map((person) => person.id), ['2']);
  const { at } = state().people;
  routes['GET /people'] = () => 'network';
  await client.dispatch({ type: 'people.search', query: '' });
  assert.equal(state().people.status, 'failed');
  assert.equal(state().people.list.length, 1);
  assert.equal(state().people.at, at);
});

test('members come page by page; of a question, only the last is answered', async () => {
  await opened();
  const person = (/** @type {string} */ id) => ({ ...ANA, id, name: id, owner: false, since_seq: 1, read_seq: 0, left: false });
  const known = () => state().conversations['7'].members.map(({ id }) => id);
  routes['GET /conversations/7/members'] = (_, path) => {
    const { after, q } = Object.fromEntries(new URLSearchParams(path.split('?')[1]));
    if (q) return { members: [person(`called ${q}`)], next: null };
    return after ? { members: [person('c')], next: null } : { members: [person('a'), person('b')], next: 'b' };
  };
  await client.dispatch({ type: 'members.load', conversation: '7' });
  await client.dispatch({ type: 'members.more' });
  await client.dispatch({ type: 'members.more' });
  assert.deepEqual([state().roster.found, state().roster.next], [['a', 'b', 'c'], null]);
  assert.deepEqual(known().slice(-3), ['a', 'b', 'c']);
  const questions = ['x', 'y'].map((query) => client.dispatch({ type: 'members.load', conversation: '7', query }));
  await Promise.all(questions);
  assert.deepEqual([state().roster.query, state().roster.found], ['y', ['called y']]);
  assert.ok(known().includes('a'));
});

test('a 401 anywhere ends it', async () => {
  await opened();
  routes['GET /people'] = () => ({ status: 401, body: { error: { code: 'unauthorized' } } });
  await client.dispatch({ type: 'people.search', query: '' });
  assert.equal(state().connection.status, 'unauthorised');
  assert.equal(net.last.closed, true);
});

const left = (/** @type {number} */ change) => ({ type: 'member.left', conversation: '7', change, data: { members: [ANA], by: '2' } });

test('who was removed and is in it again is not put out by the late frame', async () => {
  await opened();
  routes['GET /conversations/7'] = () => ({ conversation: head({ last_seq: 2, last_change: 4 }) });
  routes['GET /conversations/7/changes'] = () => ({ changes: [], head: 4, more: false });
  net.last.tell({ type: 'member.added', conversation: '7', change: 4, data: { members: [ANA], by: '2' } });
  net.last.tell(left(3));
  await loaded();
  assert.ok(state().conversations['7']);
  await clock.pass(600);
  net.last.tell(left(3));
  assert.equal(state().conversations['7']?.last, 4);
});

test('what is said to be gone is gone only if the server says so when asked', async () => {
  await opened();
  routes['GET /conversations/7'] = () => ({ conversation: head({ last_seq: 2, last_change: 2 }) });
  net.last.tell({ type: 'gone', conversation: '7' });
  await loaded();
  assert.ok(state().conversations['7']);
  delete routes['GET /conversations/7'];
  net.last.tell({ type: 'gone', conversation: '7' });
  await loaded();
  assert.equal(state().conversations['7'], undefined);
});

test('the people of every conversation that a page shows are watched', async () => {
  const trip = head({ id: '8', kind: 'group', title: 'Trip', members: [member(ANA), member({ ...BEN, id: '5' })] });
  const play = head({ id: '9', kind: 'group', title: 'Play', members: [member(ANA), member({ ...BEN, id: '6' })] });
  routes['POST /sync'] = () => ({ conversations: [trip, play], next: null, gone: [], totals: {}, epoch: 'e1' });
  routes['GET /conversations/8/messages'] = routes['GET /conversations/9/messages'] = () => ({ messages: [], more: false, head: 2 });
  client.start();
  net.last.greet();
  await client.dispatch({ type: 'open' });
  await loaded();
  await client.dispatch({ type: 'conversation.open', conversation: '8' });
  await client.dispatch({ type: 'conversation.open', conversation: '9' });
  await clock.pass(300);
  const watched = net.last.sent.filter((frame) => frame.type === 'presence.watch').at(-1);
  assert.deepEqual(new Set(watched?.data.people), new Set(['5', '6']));
});
