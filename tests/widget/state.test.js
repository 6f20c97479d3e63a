import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '../../flask_chat/static/state/apply.js';
import { initialState } from '../../flask_chat/static/state/connection.js';
import { notesBehind } from '../../flask_chat/static/state/offices.js';
import { hasSeveral, otherOf } from '../../flask_chat/static/state/select.js';
import { unreadOf } from '../../flask_chat/static/state/unread.js';
import { ANA, BEN, boot, head, member, message, posted } from './support/builders.js';
import { seeded, shuffled } from './support/random.js';

/** @typedef {import('../../flask_chat/static/types.js').State} State */

/** @param {object} [more] of the head @param {boolean} [opened] @returns {State} */
function begun(more = {}, opened = true) {
  const loaded = { type: 'heads.loaded', conversations: [head(more)], gone: [], next: null, epoch: 'e1' };
  const state = apply(initialState(boot()), loaded);
  if (!opened) return state;
  const thread = apply(state, { type: 'thread.opened', conversation: '7' });
  return apply(thread, { type: 'history.loaded', conversation: '7', messages: [], more: false });
}

/** @param {State} state @param {any[]} events */
const play = (state, events) => events.reduce(apply, state);

/** @param {State} state */
const bodies = (state) => state.threads['7'].rows.map((row) => row.body);

/** @param {State} state */
const seqs = (state) => state.threads['7'].rows.map((row) => row.seq);

test('any order and any doubling of changes ends in the same state', () => {
  const cid = { client_id: null };
  const history = [
    ...[1, 2, 3, 4, 5, 6].map((seq) => posted(message(seq, seq % 3 ? cid : { author: ANA }))),
    posted(message(2, { change: 7, body: 'better words', edited_at: '2026-01-01T10:00:00Z' }), 'message.edited'),
    { type: 'member.added', conversation: '7', change: 8, data: { members: [member({ ...BEN, id: '3' })], by: '1' } },
    posted(message(4, { change: 9, body: '', deleted: true }), 'message.deleted'),
    { type: 'conversation.changed', conversation: '7', change: 10, data: { ...head(), title: 'Class 5b', subject: { kind: 'case', id: '1', title: 'Class 5b' } } },
    { type: 'member.left', conversation: '7', change: 11, data: { members: [member({ ...BEN, id: '3' })], by: '1' } },
    posted(message(7, { change: 12 })),
    { type: 'tick', conversation: '7', change: 12 },
    posted(message(8, { change: 13 })),
  ];
  const expected = play(begun(), history);
  assert.equal(expected.conversations['7'].last, 13);
  assert.equal(expected.conversations['7'].subject?.title, 'Class 5b');
  for (let seed = 0; seed < 200; seed++) {
    const random = seeded(seed);
    const doubled = [...history, ...history.filter(() => random() < 0.5)];
    const state = play(begun(), shuffled(doubled, random));
    assert.deepEqual(state, expected, `seed ${seed}`);
  }
});

test('a newcomer whom the head has counted already is not counted again', () => {
  const eva = member({ ...BEN, id: '9' });
  const added = { type: 'member.added', conversation: '7', change: 1, data: { members: [eva], by: '1' } };
  const once = play(begun(), [added]).conversations['7'].members_count;
  const newer = { ...head(), members: [...head().members, eva], members_count: once, version: 1 };
  const state = play(begun(), [{ type: 'conversation.loaded', conversation: newer }, added]);
  assert.equal(state.conversations['7'].last, 1);
  assert.equal(state.conversations['7'].members_count, once);
});

test('a tick is not the change it names: that is still to be asked for', () => {
  const state = play(begun(), [posted(message(1)), { type: 'tick', conversation: '7', change: 2 }]);
  assert.equal(state.conversations['7'].last, 1);
  assert.equal(state.conversations['7'].last_change, 2);
  assert.equal(play(state, [posted(message(2))]).conversations['7'].last, 2);
});

test('a purge asks for the count anew', () => {
  const purged = { type: 'conversation.purged', conversation: '7', change: 2, data: { ...head(), first_seq: 2 } };
  assert.equal(play(begun(), [posted(message(1)), purged]).conversations['7'].stale, true);
});

test('a page that is newer than late frames ends like the frames alone', () => {
  const frames = [1, 2, 3].map((seq) => posted(message(seq)));
  const erased = posted(message(2, { change: 4, deleted: true, body: '' }), 'message.deleted');
  const page = { type: 'history.loaded', conversation: '7', messages: [message(1), erased.data, message(3)], more: false };
  const late = play(begun(), [page, ...frames, erased]);
  assert.deepEqual(late.threads['7'].rows, play(begun(), [...frames, erased]).threads['7'].rows);
  assert.equal(late.conversations['7'].last, 4);
});

test('a late page does not bring back what was deleted', () => {
  const erased = posted(message(1, { change: 2, body: '', deleted: true }), 'message.deleted');
  const state = play(begun(), [posted(message(1)), erased, { type: 'history.loaded', conversation: '7', messages: [message(1)], more: false }]);
  assert.equal(state.threads['7'].rows[0].deleted, true);
});

test('what changes nothing returns the same state', () => {
  const state = play(begun(), [posted(message(1))]);
  assert.equal(apply(state, posted(message(1))), state);
  assert.equal(apply(state, { type: 'message.received', message: message(1) }), state);
  assert.equal(apply(state, { type: 'read.updated', conversation: '7', data: { user: '2', seq: 0 } }), state);
  assert.equal(apply(state, { type: 'something.new', conversation: '7' }), state);
});

test('a change leaves the rows it does not touch alone', () => {
  const state = play(begun(), [posted(message(1)), posted(message(2))]);
  const next = apply(state, posted(message(3)));
  assert.equal(next.threads['7'].rows[0], state.threads['7'].rows[0]);
});

test('a change that comes too early waits for the one before it', () => {
  const early = apply(begun(), posted(message(2)));
  assert.deepEqual(bodies(early), []);
  assert.equal(early.conversations['7'].last_change, 2);
  assert.deepEqual(bodies(apply(early, posted(message(1)))), ['words 1', 'words 2']);
});

test('changes asked for fill the gap and let go what was held', () => {
  const early = apply(begun(), posted(message(5)));
  const changes = [posted(message(1)), posted(message(3, { change: 4 }))];
  const state = apply(early, { type: 'changes.loaded', conversation: '7', changes, head: 4, more: false });
  assert.deepEqual(bodies(state), ['words 1', 'words 3', 'words 5']);
  assert.equal(state.conversations['7'].last, 5);
});

test('the echo replaces the pending row, and so does the answer, whichever comes first', () => {
  const pending = { client_id: 'mine', conversation: '7', body: 'hi', at: 0, status: 'sending', reason: null };
  const mine = message(1, { author: ANA, client_id: 'mine', body: 'hi' });
  const begun_ = apply(begun(), { type: 'outbox.added', pending });
  for (const order of [[posted(mine), { type: 'message.received', message: mine }], [{ type: 'message.received', message: mine }, posted(mine)]]) {
    const state = play(begun_, order);
    assert.deepEqual(state.outbox, []);
    assert.deepEqual(bodies(state), ['hi']);
  }
});

test('nobody else can take a row out of the outbox by using its client_id', () => {
  const pending = { client_id: 'mine', conversation: '7', body: 'hi', at: 0, status: 'sending', reason: null };
  const state = play(begun(), [{ type: 'outbox.added', pending }, posted(message(1, { client_id: 'mine' }))]);
  assert.equal(state.outbox.length, 1);
});

test('own words from another tab are shown and never counted', () => {
  const state = play(begun(), [posted(message(1, { author: ANA }))]);
  assert.deepEqual(bodies(state), ['words 1']);
  assert.equal(state.totals.unread, 0);
});

test('others’ messages count once, until they are deleted or read', () => {
  let state = play(begun(), [posted(message(1)), posted(message(2)), posted(message(2))]);
  assert.equal(state.totals.unread, 2);
  state = apply(state, posted(message(1, { change: 3, deleted: true }), 'message.deleted'));
  assert.equal(state.totals.unread, 1);
  state = apply(state, { type: 'read.marked', conversation: '7', seq: 2 });
  assert.equal(state.totals.unread, 0);
});

test('the server’s count and what arrived above it add up', () => {
  let state = begun({ last_seq: 3, last_change: 3, unread: 3, counted_to: 3 }, false);
  state = apply(state, posted(message(4)));
  assert.equal(unreadOf(state.conversations['7']), 4);
  const own = { version: 2, read_seq: 2, unread: 2, counted_to: 4, muted: false, archived: false, pinned: false };
  state = apply(state, { type: 'conversation.self', conversation: '7', data: own });
  assert.equal(unreadOf(state.conversations['7']), 2);
  const older = { ...own, version: 1, unread: 9 };
  assert.equal(apply(state, { type: 'conversation.self', conversation: '7', data: older }), state);
});

test('a server that has not heard of our reading yet does not undo it', () => {
  let state = play(begun(), [posted(message(1)), posted(message(2))]);
  state = apply(state, { type: 'read.marked', conversation: '7', seq: 2 });
  const own = { version: 2, read_seq: 1, unread: 1, counted_to: 2, muted: true, archived: false, pinned: false };
  state = apply(state, { type: 'conversation.self', conversation: '7', data: own });
  assert.equal(unreadOf(state.conversations['7']), 0);
  assert.equal(state.conversations['7'].muted, true);
});

test('muted and archived conversations are not in the total', () => {
  assert.equal(begun({ unread: 5, muted: true }, false).totals.unread, 0);
  assert.equal(begun({ unread: 5, archived: true }, false).totals.unread, 0);
  assert.equal(begun({ unread: 5 }, false).totals.unread, 5);
});

test('a deletion among what the server counted asks for the count anew', () => {
  const state = begun({ last_seq: 1, last_change: 1, unread: 1, counted_to: 1 });
  const erased = posted(message(1, { change: 2, deleted: true }), 'message.deleted');
  assert.equal(apply(state, erased).conversations['7'].stale, true);
});

test('a new message brings an archived conversation back', () => {
  assert.equal(apply(begun({ archived: true }), posted(message(1))).conversations['7'].archived, false);
});

test('signing out forgets what was received and keeps own words', () => {
  let state = play(begun(), [posted(message(1)), { type: 'draft.changed', conversation: '7', body: 'half a sent' }]);
  state = apply(state, { type: 'connection.changed', status: 'unauthorised', retryAt: null });
  assert.deepEqual(state.conversations, {});
  assert.deepEqual(state.threads, {});
  assert.equal(state.drafts['7'], 'half a sent');
});

test('the line of new messages stays where reading stopped', () => {
  let state = begun({ last_seq: 3, last_change: 3, unread: 2, counted_to: 3, read_seq: 1 });
  assert.equal(state.threads['7'].line, 1);
  state = apply(state, { type: 'read.marked', conversation: '7', seq: 3 });
  assert.equal(state.threads['7'].line, 1);
  state = play(state, [{ type: 'thread.closed', conversation: '7' }, { type: 'thread.opened', conversation: '7' }]);
  assert.equal(state.threads['7'].line, null);
});

/** @param {number[]} numbers @param {number|null} before */
const page = (numbers, before) => ({ type: 'history.loaded', conversation: '7', messages: numbers.map((seq) => message(seq)), more: true, before });

test('older pages join in front, and rows above a purge are gone', () => {
  let state = play(begun({ last_seq: 6, last_change: 6 }), [page([5, 6], null), page([3, 4], 5)]);
  assert.deepEqual(seqs(state), [3, 4, 5, 6]);
  state = apply(state, { type: 'conversation.purged', conversation: '7', change: 7, data: { ...head(), first_seq: 5 } });
  assert.deepEqual(seqs(state), [5, 6]);
});

test('an older page that was asked for before all was dropped leaves no hole', () => {
  const dropped = { type: 'thread.dropped', conversation: '7' };
  const state = play(begun({ last_seq: 6, last_change: 6 }), [page([5, 6], null), dropped, page([3, 4], 5), page([905, 906], null)]);
  assert.deepEqual(seqs(state), [905, 906]);
});

test('a conversation that is gone takes its history along', () => {
  const state = apply(begun(), { type: 'gone', conversation: '7' });
  assert.deepEqual(Object.keys(state.conversations), []);
  assert.equal(state.gone, '7');
});

test('reading marks only grow', () => {
  let state = apply(begun(), { type: 'read.updated', conversation: '7', data: { user: '2', seq: 5 } });
  state = apply(state, { type: 'read.updated', conversation: '7', data: { user: '2', seq: 3 } });
  assert.equal(state.conversations['7'].members[1].read_seq, 5);
});

test('who has written is not typing any more', () => {
  let state = apply(begun(), { type: 'typing', conversation: '7', data: { user: '2' }, now: 0 });
  assert.deepEqual(Object.keys(state.typing['7']), ['2']);
  state = apply(state, posted(message(1)));
  assert.deepEqual(Object.keys(state.typing['7']), []);
});

test('ten thousand messages in a row are inserted quickly', () => {
  let state = begun();
  const from = performance.now();
  for (let seq = 1; seq <= 10_000; seq++) state = apply(state, posted(message(seq)));
  assert.equal(state.threads['7'].rows.length, 10_000);
  assert.ok(performance.now() - from < 5_000);
});

test('what an office answers by itself is unread to the writer, and to nobody who works there', () => {
  const automatic = posted(message(1, { kind: 'system', author: null, office: 'Office' }));
  const letter = (/** @type {any} */ ...members) => apply(begun({ kind: 'inbox', members }), automatic).conversations['7'].fresh;
  assert.deepEqual(letter(member(ANA)), [1]);
  assert.deepEqual(letter(member(BEN)), []);
});

test('notes are loaded as far back as the letter they are among', () => {
  const at = (/** @type {number} */ seq, /** @type {string} */ conversation) => message(seq, { id: `${conversation}-${seq}`, conversation });
  const inquiry = { conversation: '7', notes: '8', inbox: 'office', writer: null, assignee: null };
  const loaded = (/** @type {any} */ more) => [
    { type: 'conversation.loaded', conversation: head({ id: '8', kind: 'notes', inquiry }) },
    { type: 'history.loaded', conversation: '7', messages: [at(3, '7'), at(9, '7')], more },
    { type: 'thread.opened', conversation: '8' },
    { type: 'history.loaded', conversation: '8', messages: [at(5, '8')], more: true },
  ];
  const state = play(begun({ kind: 'inbox' }), loaded(true));
  assert.equal(notesBehind(state, '7'), '8');
  const further = { type: 'history.loaded', conversation: '8', messages: [at(2, '8')], more: true, before: 5 };
  assert.equal(notesBehind(apply(state, further), '7'), null);
  assert.equal(notesBehind(apply(play(begun({ kind: 'inbox' }), loaded(false)), further), '7'), '8');
});

test('a direct conversation is with whom one talks, whoever is there by a rule', () => {
  const two = [member(ANA), member(BEN)];
  const there = head({ kind: 'direct', members: [...two, member({ ...BEN, id: '9' }, { rule: 'A guardian reads along.' })] });
  assert.equal(otherOf(there, '1')?.id, '2');
  assert.equal(otherOf(there, '9'), undefined);
  assert.ok(hasSeveral(there));
  const left = { type: 'member.left', conversation: '7', change: 1, data: { members: [member({ ...BEN, id: '9' }, { rule: '' })], by: null } };
  const after = play(begun(there), [left]).conversations['7'];
  assert.deepEqual([otherOf(after, '1')?.id, hasSeveral(after)], ['2', false]);
});
