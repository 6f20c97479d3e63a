import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SharedSocket } from '../../flask_chat/static/net/tabs.js';
import { Browser } from './support/browser.js';
import { Clock } from './support/clock.js';
import { Sockets } from './support/sockets.js';

/** @type {Clock} */ let clock;
/** @type {Sockets} */ let net;
/** @type {Browser} */ let browser;
let tokens = 0;

beforeEach(() => {
  clock = new Clock();
  net = new Sockets();
  browser = new Browser();
});

/**
 * A page of somebody, whose client catches up at once.
 * @param {{tabs?: string, visible?: boolean, share?: boolean}} [more]
 */
async function opened({ tabs = 'ana', visible = true, share = true } = {}) {
  const tab = browser.tab({ ...clock, WebSocket: net.constructor_, random: () => 0.5, now: () => clock.now, token: () => `tab-${++tokens}` });
  if (!share) tab.env.locks = null;
  const page = { tab, heard: /** @type {any[]} */ ([]), totals: { unread: 0, conversations: 0 }, socket: /** @type {any} */ (null) };
  page.socket = new SharedSocket({ url: 'ws://school.test/chat/ws', heartbeat: 25, tabs }, tab.env, {
    onFrame(frame) {
      page.heard.push(frame);
      if (frame.type === 'hello') Promise.resolve().then(() => page.socket.synced());
    },
    onStatus: () => {},
    whoAmI: async () => 'same',
    totals: () => page.totals,
    snapshot: () => ({ conversations: {} }),
  });
  page.socket.setVisible(visible);
  page.socket.start();
  await clock.pass(0);
  return page;
}

/** @param {number} count @param {object} [more] */
async function several(count, more) {
  const pages = [];
  for (let at = 0; at < count; at++) pages.push(await opened(more));
  await greet();
  return pages;
}

/** The server lets in who knocks. */
async function greet() {
  for (const socket of net.all) if (socket.onmessage && !socket.closed && !greeted.has(socket)) greeted.add(socket), socket.greet();
  await clock.pass(0);
}
const greeted = new WeakSet();

const open = () => net.all.filter((socket) => !socket.closed);
const texts = (/** @type {any} */ page) => page.heard.filter((/** @type {any} */ frame) => frame.type === 'message.posted').map((/** @type {any} */ frame) => frame.change);
const says = (/** @type {number} */ change) => ({ type: 'message.posted', conversation: '7', change });

test('five tabs keep one socket, and all of them hear what it hears, once', async () => {
  const pages = await several(5);
  assert.equal(net.all.length, 1);
  net.last.tell(says(1));
  net.last.tell(says(2));
  await clock.pass(0);
  for (const page of pages) {
    assert.equal(page.socket.status, 'live');
    assert.deepEqual(texts(page), [1, 2]);
  }
});

test('somebody else in the same browser has a socket of their own', async () => {
  const [ana] = await several(1);
  const ben = await opened({ tabs: 'ben' });
  await greet();
  assert.equal(open().length, 2);
  net.all[0].tell(says(1));
  await clock.pass(0);
  assert.deepEqual([texts(ana), texts(ben)], [[1], []]);
});

test('a tab without locks has a socket of its own', async () => {
  const [plain] = await several(1, { share: false });
  await opened({ share: false });
  assert.equal(open().length, 2);
  assert.equal(plain.socket.follows, false);
});

test('a tab that follows asks through the leader, and gets the answer', async () => {
  const [, second] = await several(2);
  const answer = second.socket.ask('message.post', { body: 'hi' });
  await clock.pass(0);
  const [frame] = net.last.sent;
  assert.deepEqual([frame.type, frame.data], ['message.post', { body: 'hi' }]);
  net.last.tell({ type: 'reply', ref: frame.ref, data: { message: 'm' } });
  assert.deepEqual(await answer, { message: 'm' });
});

test('a refusal reaches the tab that asked, with its code', async () => {
  const [, second] = await several(2);
  const answer = second.socket.ask('message.post', {});
  await clock.pass(0);
  net.last.tell({ type: 'error', ref: net.last.sent[0].ref, code: 'rate_limited', detail: 'Slowly.', retry_after: 3 });
  await assert.rejects(answer, { code: 'rate_limited', message: 'Slowly.', retryAfter: 3 });
});

test('a new tab is told what another has loaded', async () => {
  const [first] = await several(1);
  first.totals = { unread: 4, conversations: 2 };
  const second = await opened();
  const counted = second.heard.filter((frame) => frame.type === 'totals.counted').pop();
  assert.deepEqual(counted.totals, first.totals);
  assert.deepEqual(await second.socket.snapshot(), { conversations: {} });
  assert.equal(await first.socket.snapshot(), null);
});

for (const [what, ends] of /** @type {[string, (page: any) => void][]} */ ([
  ['is killed', (page) => page.tab.kill()],
  ['goes away', (page) => page.socket.stop()],
  ['is frozen', (page) => page.tab.sleep()],
])) {
  test(`when the leader ${what}, another has its socket within three seconds, and nobody hears a frame twice`, async () => {
    const [first, second, third] = await several(3);
    const [old] = net.all;
    old.tell(says(1));
    await clock.pass(0);
    ends(first);
    await clock.pass(3_000);
    await greet();
    assert.ok(net.all.length > 1);
    net.last.tell(says(2));
    if (what === 'is frozen') old.tell(says(2));
    first.tab.wake();
    await clock.pass(0);
    for (const page of [second, third]) {
      assert.equal(page.socket.status, 'live');
      assert.deepEqual(texts(page), [1, 2]);
      assert.equal(page.heard.filter((frame) => frame.type === 'hello').length, 2);
    }
    if (what !== 'is killed') assert.equal(open().length, 1);
  });
}

test('what was asked when the leader went is given back as unanswered', async () => {
  const [first, second] = await several(2);
  const answer = second.socket.ask('message.post', {});
  await clock.pass(0);
  first.tab.kill();
  const refused = assert.rejects(answer, { code: 'unreachable' });
  await clock.pass(3_000);
  await greet();
  await refused;
});

test('a tab that is looked at takes the lead from one that is not', async () => {
  const [first, second] = await several(2);
  first.socket.setVisible(false);
  await clock.pass(1_000);
  await greet();
  assert.deepEqual([first.socket.follows, second.socket.follows], [true, false]);
  assert.equal(open().length, 1);
});

test('flipping through the tabs moves nothing', async () => {
  const [first, second] = await several(2);
  second.socket.setVisible(false);
  await clock.pass(0);
  first.socket.setVisible(false);
  second.socket.setVisible(true);
  await clock.pass(100);
  second.socket.setVisible(false);
  first.socket.setVisible(true);
  await clock.pass(5_000);
  assert.equal(net.all.length, 1);
});

test('hidden tabs make no attempt, and the last one lets go of its socket after a minute', async () => {
  const pages = await several(3);
  for (const page of pages) page.socket.setVisible(false);
  await clock.pass(59_000);
  assert.equal(open().length, 1);
  await clock.pass(2_000);
  assert.equal(open().length, 0);
  pages[0].tab.kill();
  await clock.pass(60_000);
  assert.equal(open().length, 0);
  pages[2].socket.setVisible(true);
  await clock.pass(500);
  await greet();
  assert.equal(pages[2].socket.status, 'live');
});

test('a tab with something to hear for keeps the socket while hidden', async () => {
  const [page] = await several(1);
  page.socket.setVisible(false, true);
  for (let beat = 0; beat < 5; beat++) {
    net.last.tell({ type: 'heartbeat' });
    await clock.pass(25_000);
  }
  assert.equal(net.all.length, 1);
  assert.equal(page.socket.status, 'live');
});

for (const [whoever, at] of /** @type {[string, number][]} */ ([['the leader', 0], ['a follower', 1]])) {
  test(`being signed out in ${whoever} is final in every tab`, async () => {
    const pages = await several(3);
    if (at === 0) net.last.end(4001);
    else pages[at].socket.refuse();
    await clock.pass(600_000);
    for (const page of pages) assert.equal(page.socket.status, 'unauthorised');
    assert.equal(net.all.length, 1);
  });
}

test('the server watches for all tabs together', async () => {
  const [first, second, third] = await several(3);
  first.socket.send({ type: 'presence.watch', data: { people: ['1', '2'] } });
  second.socket.send({ type: 'presence.watch', data: { people: ['2', '3'] } });
  await clock.pass(0);
  assert.deepEqual(net.last.sent.pop().data.people, ['2', '3', '1']);
  second.socket.stop();
  third.socket.send({ type: 'presence.watch', data: { people: ['4'] } });
  await clock.pass(0);
  assert.deepEqual(net.last.sent.pop().data.people, ['4', '1', '2']);
});

test('a person who tries again in one tab does so for all', async () => {
  const [, second] = await several(2);
  net.last.end(1006);
  await clock.pass(0);
  assert.equal(second.socket.status, 'waiting');
  second.socket.retryNow(true);
  await clock.pass(0);
  assert.equal(net.all.length, 2);
});
