/** The loaded end of each history: opened, extended backwards, closed. */

import { put, recount } from './heads.js';
import { joinPage } from './rows.js';
import { markRead } from './unread.js';

/** @import { State, StateEvent, Thread } from '../types.js' */

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyThread(state, event) {
  switch (event.type) {
    case 'thread.opened':
      return open(state, event.conversation);
    case 'thread.closed':
      return revise(state, event.conversation, { line: null });
    case 'thread.dropped':
      return drop(state, event.conversation);
    case 'history.loading':
      return revise(state, event.conversation, event.older ? { older: 'loading' } : { status: 'loading' });
    case 'history.failed':
      return revise(state, event.conversation, event.older ? { older: 'failed' } : { status: 'failed' });
    case 'history.loaded':
      return load(state, event);
    case 'read.marked':
      return read(state, event);
    default:
      return state;
  }
}

/** The line stands where reading had stopped, and stays there while the thread is open. @param {State} state @param {string} id */
function open(state, id) {
  const conversation = state.conversations[id];
  const unread = conversation && conversation.unread + conversation.fresh.length > 0;
  const line = unread ? conversation.read_seq : null;
  const gone = state.gone === id ? null : state.gone;
  if (state.threads[id]) return revise({ ...state, gone }, id, { line });
  /** @type {Thread} */
  const thread = { rows: [], status: 'loading', more: true, older: 'idle', line };
  return { ...state, gone, threads: { ...state.threads, [id]: thread } };
}

/** Too far behind to catch up change by change: the newest page is loaded instead. @param {State} state @param {string} id */
function drop(state, id) {
  const conversation = state.conversations[id];
  const next = revise(state, id, { rows: [], status: 'loading', more: true, older: 'idle' });
  return conversation ? put(next, { ...conversation, last: conversation.last_change, held: [] }) : next;
}

/**
 * `before`: the seq an older page was asked for above; it joins only what still begins there, or
 * there would be a hole between the two.
 * @param {State} state
 * @param {StateEvent} event
 */
function load(state, { conversation: id, messages, more, before = null }) {
  const thread = state.threads[id];
  if (!thread) return state;
  if (before !== null && thread.rows[0]?.seq !== before) return revise(state, id, { older: 'idle' });
  return revise(state, id, { rows: joinPage(thread.rows, messages), status: 'ready', more, older: 'idle' });
}

/** @param {State} state @param {StateEvent} event */
function read(state, { conversation: id, seq }) {
  const conversation = state.conversations[id];
  if (!conversation) return state;
  const rows = state.threads[id]?.rows ?? [];
  return recount(put(state, markRead(conversation, seq, rows, state.me.id)));
}

/** @param {State} state @param {string} id @param {Partial<Thread>} change @returns {State} */
function revise(state, id, change) {
  const thread = state.threads[id];
  if (!thread) return state;
  return { ...state, threads: { ...state.threads, [id]: { ...thread, ...change } } };
}
