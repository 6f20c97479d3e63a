import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Problem } from '../../flask_chat/static/net/requests.js';
import { Records } from '../../flask_chat/static/client/records.js';
import { apply } from '../../flask_chat/static/state/apply.js';
import { initialState } from '../../flask_chat/static/state/connection.js';
import { boot, head, message } from './support/builders.js';
import { Clock } from './support/clock.js';

const CLOSE = { name: 'close', label: 'Close', confirm: null, fields: [] };
const DEED = { conversation: '7', name: 'close', values: {} };

/** @type {Clock} */ let clock;
/** @type {any} */ let state;
/** @type {any[]} */ let offered;
/** @type {any[]} */ let posted;
/** @type {() => Promise<any>} */ let server;
/** @type {number} */ let asked;
/** @type {Records} */ let records;

beforeEach(() => {
  clock = new Clock();
  offered = [CLOSE];
  posted = [];
  asked = 0;
  server = async () => ({ actions: offered });
  const known = { ...boot(), features: { ...boot().features, actions: true } };
  state = apply(initialState(known), { type: 'conversation.loaded', conversation: head({ kind: 'subject', subject: { kind: 'case', id: '1' } }) });
  let tokens = 0;
  const api = {
    get: async () => (asked++, server()),
    send: async (/** @type {string} */ method, /** @type {string} */ path, /** @type {any} */ body) => (posted.push({ method, path, ...body }), server()),
  };
  const env = { ...clock, random: () => 0, token: () => `token-${++tokens}` };
  const change = (/** @type {any} */ event) => (state = apply(state, event));
  records = new Records(/** @type {any} */ ({ boot: known, api, env, change, state: () => state }));
});

test('what may be done is asked when a thread opens, and again when its record has changed', async () => {
  await records.open('7');
  assert.deepEqual(state.actions['7'], [CLOSE]);
  offered = [];
  records.hear({ type: 'conversation.changed', conversation: '7', change: 2, data: head() });
  records.hear({ type: 'message.posted', conversation: '7', change: 3, data: message(1, { kind: 'system' }) });
  await clock.pass(1_000);
  assert.deepEqual(state.actions['7'], []);
  assert.equal(asked, 2);
  records.hear({ type: 'message.posted', conversation: '7', change: 4, data: message(2) });
  records.close('7');
  records.hear({ type: 'conversation.changed', conversation: '7', change: 5, data: head() });
  await clock.pass(1_000);
  assert.equal(asked, 2);
});

test('pressed twice it is done once', async () => {
  await Promise.all([records.run(DEED), records.run(DEED)]);
  assert.deepEqual(posted, [{ method: 'POST', path: '/conversations/7/actions/close', client_id: 'token-1', values: {} }]);
  await records.run(DEED);
  assert.equal(posted[1].client_id, 'token-2');
});

test('without an answer the next attempt is the same one', async () => {
  server = () => Promise.reject(new Problem('unreachable'));
  await assert.rejects(records.run(DEED), { code: 'unreachable' });
  server = async () => ({ actions: [] });
  await records.run(DEED);
  assert.deepEqual(posted.map((each) => each.client_id), ['token-1', 'token-1']);
});

test('what is refused is no longer offered', async () => {
  await records.open('7');
  server = () => Promise.reject(new Problem('forbidden', { status: 403, detail: 'You cannot do this, or not any more.' }));
  await assert.rejects(records.run(DEED), { message: 'You cannot do this, or not any more.' });
  server = async () => ({ actions: [] });
  await clock.pass(1_000);
  assert.deepEqual(state.actions['7'], []);
});
