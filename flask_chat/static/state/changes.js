/**
 * Numbered changes, per conversation: applied once, in order, without a gap.
 *
 * `<= last` dropped · `last + 1` applied · greater: held until the ones between arrive, or until
 * the client asks for them. Every row is compared by its own `change` besides, because a page of
 * history may be newer than a late frame.
 */

import { put, recount } from './heads.js';
import { applyMembers } from './members.js';
import { deliver } from './outbox.js';
import { insertRow } from './rows.js';
import { countMessage } from './unread.js';

/** @import { Conversation, Durable, Message, State, StateEvent } from '../types.js' */

/** @param {State} state @param {Durable} frame @returns {State} */
export function applyDurable(state, frame) {
  const conversation = state.conversations[frame.conversation];
  if (!conversation || frame.change <= conversation.last) return state;
  // A tick names a change and is none: what it names is still to be asked for.
  if (frame.type === 'tick') return put(state, reached(conversation, frame.change));
  if (frame.change > conversation.last + 1) return put(state, hold(conversation, frame));
  return recount(release(step(state, frame), frame.conversation));
}

/**
 * What was missed, rows as they are now: not every number is among them.
 * @param {State} state
 * @param {StateEvent} event
 * @returns {State}
 */
export function applyChanges(state, { conversation: id, changes, head, more }) {
  let next = state;
  for (const frame of changes) {
    if (frame.change > next.conversations[id]?.last) next = step(next, { ...frame, conversation: id });
  }
  const conversation = next.conversations[id];
  if (!conversation) return state;
  const memberships = changes.some((/** @type {Durable} */ frame) => frame.type.startsWith('member.'));
  const last = more ? conversation.last : Math.max(conversation.last, head);
  const stale = conversation.stale || memberships;
  next = put(next, { ...conversation, last, last_change: Math.max(conversation.last_change, last), stale });
  return recount(release(next, id));
}

/**
 * A message as it is now, from whichever door: a frame, an answer, a change.
 * @param {State} state
 * @param {Message} message
 * @returns {State}
 */
export function applyMessage(state, message) {
  const conversation = state.conversations[message.conversation];
  if (!conversation) return state;
  let next = put(state, preview(countMessage(conversation, message, state.me.id), message));
  next = insert(next, message);
  return settle(deliver(hush(next, message), message), message);
}

/** @param {Conversation} conversation @param {number} change @returns {Conversation} */
function reached(conversation, change) {
  return change > conversation.last_change ? { ...conversation, last_change: change } : conversation;
}

/** @param {Conversation} conversation @param {Durable} frame @returns {Conversation} */
function hold(conversation, frame) {
  if (conversation.held.some((each) => each.change === frame.change)) return conversation;
  const held = [...conversation.held, frame].sort((one, other) => one.change - other.change);
  return { ...conversation, held, last_change: Math.max(conversation.last_change, frame.change) };
}

/** Held frames that now fit. @param {State} state @param {string} id @returns {State} */
function release(state, id) {
  let next = state;
  for (;;) {
    const conversation = next.conversations[id];
    if (!conversation?.held.length || conversation.held[0].change > conversation.last + 1) return next;
    const [frame, ...held] = conversation.held;
    next = put(next, { ...conversation, held });
    if (frame.change > conversation.last) next = step(next, frame);
  }
}

/** @param {State} state @param {Durable} frame @returns {State} */
function step(state, frame) {
  const next = interpret(state, frame);
  const conversation = next.conversations[frame.conversation];
  const last_change = Math.max(conversation.last_change, frame.change);
  return put(next, { ...conversation, last: frame.change, last_change });
}

/** @param {State} state @param {Durable} frame @returns {State} */
function interpret(state, frame) {
  const conversation = state.conversations[frame.conversation];
  const [noun] = frame.type.split('.');
  if (noun === 'message') return applyMessage(state, frame.data);
  if (noun === 'member') return put(state, applyMembers(conversation, frame));
  if (noun === 'conversation') return revise(state, conversation, frame.data);
  if (noun === 'inquiry') return put(state, { ...conversation, inquiry: frame.data });
  return state;
}

/** @param {State} state @param {Conversation} conversation @param {Partial<Conversation>} data */
function revise(state, conversation, data) {
  const { title = conversation.title, first_seq = conversation.first_seq } = data ?? {};
  const { subject = conversation.subject, inbox = conversation.inbox, inquiry = conversation.inquiry } = data ?? {};
  // Purged: what was unread may be gone, and the preview; only the server can count.
  const stale = conversation.stale || first_seq !== conversation.first_seq;
  const next = put(state, { ...conversation, title, first_seq, subject, inbox, inquiry, stale });
  const thread = state.threads[conversation.id];
  if (!thread || first_seq === conversation.first_seq) return next;
  const rows = thread.rows.filter((row) => row.seq >= first_seq);
  return { ...next, threads: { ...state.threads, [conversation.id]: { ...thread, rows } } };
}

/** The newest message stands in the list; a new one brings an archived conversation back. @param {Conversation} conversation @param {Message} message */
function preview(conversation, message) {
  const shown = conversation.preview;
  // What an office that is closed answers by itself is not what anybody has said.
  if (shown && message.kind === 'system' && message.office) {
    if (message.seq <= conversation.last_seq) return conversation;
    return { ...conversation, last_seq: message.seq, updated_at: message.created_at, archived: false };
  }
  const newer = !shown || message.seq > shown.seq;
  const same = shown?.seq === message.seq && message.change > shown.change;
  if (!newer && !same) return conversation;
  if (same || message.seq <= conversation.last_seq) return { ...conversation, preview: message };
  return { ...conversation, preview: message, last_seq: message.seq, updated_at: message.created_at, archived: false };
}

/** @param {State} state @param {Message} message @returns {State} */
function insert(state, message) {
  const thread = state.threads[message.conversation];
  if (!thread || thread.status === 'failed') return state;
  const older = thread.more && thread.rows.length > 0 && message.seq < thread.rows[0].seq;
  const rows = older ? thread.rows : insertRow(thread.rows, message);
  if (rows === thread.rows) return state;
  return { ...state, threads: { ...state.threads, [message.conversation]: { ...thread, rows } } };
}

/** Who has just written is not typing any more. @param {State} state @param {Message} message */
function hush(state, message) {
  const typing = state.typing[message.conversation];
  if (!message.author || !typing?.[message.author.id]) return state;
  const { [message.author.id]: until, ...rest } = typing;
  return { ...state, typing: { ...state.typing, [message.conversation]: rest } };
}

/** Own words that have arrived leave the outbox: by answer or by echo, whichever comes first. @param {State} state @param {Message} message */
function settle(state, message) {
  if (message.author?.id !== state.me.id) return state;
  if (!state.outbox.some((pending) => pending.client_id === message.client_id)) return state;
  return { ...state, outbox: state.outbox.filter((pending) => pending.client_id !== message.client_id) };
}
