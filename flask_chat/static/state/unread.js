/**
 * How much is unread: the server's count up to `counted_to`, and above it what has been seen to
 * arrive (`fresh`). A set of seqs rather than a number, so a frame that comes twice counts once.
 */

import { indexOf } from './rows.js';

/** @import { Conversation, Message, Own } from '../types.js' */

/** The server stops counting here, and we show "99+". */
export const UNREAD_CAP = 100;

/** @param {Conversation} conversation */
export function unreadOf(conversation) {
  return Math.min(UNREAD_CAP, conversation.unread + conversation.fresh.length);
}

/**
 * Unread over all conversations that may ask for attention.
 * @param {Record<string, Conversation>} conversations
 * @param {string} me
 */
export function totalsOf(conversations, me) {
  const others = businessOfOthers(conversations, me);
  let unread = 0;
  let count = 0;
  for (const conversation of Object.values(conversations)) {
    if (conversation.muted || conversation.archived || others.has(conversation.id)) continue;
    const own = unreadOf(conversation);
    unread += own;
    if (own) count++;
  }
  return { unread, conversations: count };
}

/**
 * What is in the queue of one's office and waits for nobody, or for somebody else; and all notes.
 * @param {Record<string, Conversation>} conversations
 * @param {string} me
 * @returns {Set<string>}
 */
function businessOfOthers(conversations, me) {
  const others = new Set();
  for (const { id, inquiry } of Object.values(conversations)) {
    if (!inquiry) continue;
    others.add(id);
    const { assignee, closed_at, snoozed_until } = inquiry;
    if (closed_at || snoozed_until || (assignee && assignee.id !== me)) others.add(inquiry.conversation);
  }
  return others;
}

/**
 * @param {Conversation} conversation
 * @param {Message} message as it is now
 * @param {string} me
 * @returns {Conversation}
 */
export function countMessage(conversation, message, me) {
  const { seq, deleted } = message;
  if (seq <= conversation.read_seq) return conversation;
  const counts = !deleted && isNews(conversation, message, me);
  if (seq <= conversation.counted_to) return deleted ? { ...conversation, stale: true } : conversation;
  if (conversation.fresh.includes(seq) === counts) return conversation;
  const fresh = counts
    ? [...conversation.fresh, seq].sort((one, other) => one - other)
    : conversation.fresh.filter((each) => each !== seq);
  return { ...conversation, fresh };
}

/**
 * Somebody else's words; to the staff of an office, what it has answered by itself is nobody's.
 * @param {Conversation} conversation @param {Message} message @param {string} me
 */
function isNews({ kind, members }, { author }, me) {
  if (!author && kind === 'inbox' && !members.some((member) => member.id === me)) return false;
  return author?.id !== me;
}

/**
 * Own state as the server tells it, from whichever door. An older version never wins; where this
 * device has read further than the server knows, its count stays.
 * @param {Conversation} conversation
 * @param {Own} own
 * @returns {Conversation}
 */
export function applyOwn(conversation, own) {
  const newer = own.version > conversation.version;
  const same = own.version === conversation.version && own.counted_to >= conversation.counted_to;
  if (!newer && !same) return conversation;
  const flags = { version: own.version, muted: own.muted, archived: own.archived, pinned: own.pinned, confirmed: own.confirmed, stale: false };
  if (own.read_seq < conversation.read_seq) return { ...conversation, ...flags };
  const { read_seq, unread, counted_to } = own;
  const fresh = conversation.fresh.filter((seq) => seq > Math.max(counted_to, read_seq));
  return { ...conversation, ...flags, read_seq, unread, counted_to, fresh };
}

/**
 * Read up to `seq` on this device; the server is told separately.
 * @param {Conversation} conversation
 * @param {number} seq
 * @param {Message[]} rows the loaded rows
 * @param {string} me
 * @returns {Conversation}
 */
export function markRead(conversation, seq, rows, me) {
  if (seq <= conversation.read_seq) return conversation;
  const fresh = conversation.fresh.filter((each) => each > seq);
  const unread = remaining(conversation, seq, rows, me);
  return { ...conversation, read_seq: seq, unread, fresh };
}

/**
 * Of the server's count, what lies above `seq`. The rows reach to the end of the conversation.
 * @param {Conversation} conversation @param {number} seq @param {Message[]} rows @param {string} me
 */
function remaining(conversation, seq, rows, me) {
  if (seq >= conversation.counted_to) return 0;
  if (!rows.length || rows[0].seq > seq + 1) return conversation.unread;
  let unread = 0;
  for (let at = indexOf(rows, seq + 1); at < rows.length && rows[at].seq <= conversation.counted_to; at++) {
    if (!rows[at].deleted && isNews(conversation, rows[at], me)) unread++;
  }
  return Math.min(unread, conversation.unread);
}
