import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Alerts } from '../../flask_chat/static/alerts.js';
import { createChatClient } from '../../flask_chat/static/client.js';
import { boot } from './support/builders.js';
import { Browser } from './support/browser.js';
import { Clock } from './support/clock.js';
import { Sockets } from './support/sockets.js';

/** @type {Clock} */ let clock;
/** @type {Sockets} */ let net;
/** @type {Browser} */ let browser;
/** @type {any} */ let wishes;
let unread = 0;
let tokens = 0;

beforeEach(() => {
  clock = new Clock();
  net = new Sockets();
  browser = new Browser();
  wishes = { desktop: true, sound: true, number: true };
  unread = 0;
});

/** A page in a tab of its own, which somebody looks at. */
async function opened() {
  const fetch = async () => Response.json({ totals: { unread, conversations: 1 } });
  const tab = browser.tab({
    ...clock, fetch, WebSocket: net.constructor_, random: () => 0.5, now: () => clock.now, token: () => `tab-${++tokens}`, storage: null, origin: 'http://school.test',
  });
  const client = createChatClient({ ...boot(), tabs: 'ana' }, tab.env);
  const page = {
    client, tab, visible: true, told: /** @type {(number|string)[]} */ ([]), withdrawn: 0, document: { title: 'School' },
    look: () => {},
    /** @param {boolean} visible */
    async show(visible) {
      page.visible = visible;
      client.setVisible(visible);
      page.look();
      await settled(200);
    },
  };
  client.start();
  new Alerts(client, new AbortController().signal, {
    hidden: () => !page.visible,
    wishesOf: () => wishes,
    document: page.document,
    setTimeout: tab.env.setTimeout,
    now: () => clock.now,
    notify: (count) => page.told.push(count),
    withdraw: () => page.withdrawn++,
    ring: () => page.told.push('ring'),
    onLook: (call) => (page.look = call),
  });
  await settled(0);
  return page;
}

/** The server lets in who knocks; then so much time goes by. @param {number} ms */
async function settled(ms) {
  for (let turn = 0; turn < 6; turn++) {
    await clock.pass(ms / 6);
    for (const socket of net.all) if (!socket.closed && socket.onmessage && !greeted.has(socket)) greeted.add(socket), socket.greet();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const greeted = new WeakSet();

/** So many are unread from now on, as the server counts. @param {any[]} pages @param {number} count */
async function count(pages, count) {
  unread = count;
  net.last.end(1012);
  await settled(9_000);
  await settled(4_000);
}

test('when nobody looks, one of all tabs tells, once', async () => {
  const pages = [await opened(), await opened(), await opened()];
  for (const page of pages) await page.show(false);
  await count(pages, 3);
  assert.deepEqual(pages.flatMap((page) => page.told), [3, 'ring']);
  assert.deepEqual(pages.map((page) => page.document.title).sort(), ['(3) School', 'School', 'School']);
});

test('while somebody looks at any tab, nothing is told', async () => {
  const pages = [await opened(), await opened()];
  await pages[0].show(false);
  await settled(500);
  await count(pages, 3);
  assert.deepEqual(pages.flatMap((page) => page.told), []);
  assert.deepEqual(pages.map((page) => page.document.title), ['School', 'School']);
});

test('only what was asked for', async () => {
  wishes = { sound: true };
  const page = await opened();
  await page.show(false);
  await count([page], 1);
  assert.deepEqual([page.told, page.document.title], [['ring'], 'School']);
});

test('who comes back finds the page as it was', async () => {
  const page = await opened();
  await page.show(false);
  await count([page], 120);
  assert.equal(page.document.title, '(99+) School');
  page.document.title = '(99+) Another page';
  const before = page.withdrawn;
  await page.show(true);
  assert.equal(page.document.title, 'Another page');
  assert.ok(page.withdrawn > before);
});

test('who asked for nothing has no socket while nobody looks', async () => {
  wishes = null;
  const page = await opened();
  await page.show(false);
  await settled(61_000);
  assert.ok(net.all.every((socket) => socket.closed));
  assert.deepEqual(page.told, []);
});
