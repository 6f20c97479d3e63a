/** Conversations as lists know them: loaded, merged, gone. */

import { nothingReceived } from './connection.js';
import { keepMarks } from './members.js';
import { applyOwn, totalsOf } from './unread.js';

/** @import { Conversation, Head, State, StateEvent } from '../types.js' */

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyHeads(state, event) {
  switch (event.type) {
    case 'heads.loading':
      return state.heads === 'ready' ? state : { ...state, heads: 'loading' };
    case 'heads.failed':
      return state.heads === 'ready' ? state : { ...state, heads: 'failed' };
    case 'heads.loaded':
      return load(state, event);
    case 'heads.copied':
      return recount({ ...state, conversations: event.conversations, epoch: event.epoch, heads: 'ready' });
    case 'conversation.loaded':
      return recount(mergeHead(state, event.conversation));
    case 'gone':
      return recount(lose(state, event.conversation));
    case 'forget':
      return { ...state, ...nothingReceived(), online: state.online };
    default:
      return state;
  }
}

/** With all heads here the total is their sum; before, it is what the server says. @param {State} state */
export function recount(state) {
  if (state.heads !== 'ready') return state;
  const totals = totalsOf(state.conversations, state.me.id);
  const same = totals.unread === state.totals.unread && totals.conversations === state.totals.conversations;
  return same ? state : { ...state, totals };
}

/** @param {State} state @param {Conversation} conversation @returns {State} */
export function put(state, conversation) {
  if (state.conversations[conversation.id] === conversation) return state;
  return { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } };
}

/** @param {State} state @param {StateEvent} event one page of `/sync` */
function load(state, event) {
  let next = event.conversations.reduce(mergeHead, state);
  for (const id of event.gone ?? []) next = remove(next, id);
  const done = !event.next;
  const totals = event.totals ?? next.totals;
  next = { ...next, totals, epoch: event.epoch ?? next.epoch, heads: done ? 'ready' : next.heads };
  return recount(next);
}

/**
 * Where a thread is loaded, `last` stays behind on purpose: the changes between are asked for.
 * @param {State} state
 * @param {Head} head
 * @returns {State}
 */
function mergeHead(state, head) {
  const known = state.conversations[head.id];
  if (!known) return put(state, { ...head, last: head.last_change, fresh: [], held: [], stale: false });
  const shared = head.last_change >= known.last_change ? sharedOf(head, known) : {};
  const last = state.threads[head.id] ? known.last : Math.max(known.last, head.last_change);
  const held = known.held.filter((frame) => frame.change > last);
  return put(state, applyOwn({ ...known, ...shared, last, held, stale: false }, head));
}

/** What everybody in it sees. @param {Head} head @param {Conversation} known */
function sharedOf(head, known) {
  const { version, read_seq, unread, counted_to, muted, archived, pinned, confirmed, ...shared } = head;
  return { ...shared, members: keepMarks(head.members, known.members) };
}

/** Out of it, or never in it: whoever has it open is told. @param {State} state @param {string} id @returns {State} */
function lose(state, id) {
  const next = remove(state, id);
  return next.gone === id ? next : { ...next, gone: id };
}

/** @param {State} state @param {string} id @returns {State} */
function remove(state, id) {
  if (!state.conversations[id] && !state.threads[id]) return state;
  const { [id]: conversation, ...conversations } = state.conversations;
  const { [id]: thread, ...threads } = state.threads;
  return { ...state, conversations, threads, gone: id };
}
