/** Questions to the state that more than one view asks. */

import { inquiriesOf } from './offices.js';

/** @import { Conversation, Member, Message, State } from '../types.js' */

/** @type {WeakMap<Record<string, Conversation>, Conversation[]>} */
const sorted = new WeakMap();

/** Pinned first, then by what happened last. @param {State} state @returns {Conversation[]} */
export function conversationsOf(state) {
  const known = sorted.get(state.conversations);
  if (known) return known;
  const list = Object.values(state.conversations).sort(
    (one, other) => Number(other.pinned) - Number(one.pinned) || compare(other.updated_at, one.updated_at),
  );
  sorted.set(state.conversations, list);
  return list;
}

/** Those of one's own: an office's letters are in its queue, and the notes on them beside them. @param {State} state */
export function personalOf(state) {
  const inquiries = inquiriesOf(state);
  return conversationsOf(state).filter(({ id, kind }) => kind !== 'notes' && !inquiries.has(id));
}

/** Whom a direct conversation is with. @param {Conversation} conversation @param {string} me @returns {Member|undefined} */
export function otherOf(conversation, me) {
  if (conversation.kind !== 'direct') return undefined;
  const others = talkingIn(conversation).filter((member) => member.id !== me);
  return others.length === 1 ? others[0] : undefined;
}

/** Those who talk, without who is there by a rule. @param {Conversation} conversation @returns {Member[]} */
export function talkingIn(conversation) {
  return conversation.members.filter((member) => (member.rule ?? null) === null);
}

/** Those who are there by a rule. @param {Conversation} conversation @returns {Member[]} */
export function supervisorsOf(conversation) {
  return presentMembers(conversation).filter((member) => member.rule);
}

/** @param {Conversation} conversation @param {string} me */
export function isByRule(conversation, me) {
  return supervisorsOf(conversation).some((member) => member.id === me);
}

/** Whether its messages need a name beside them. @param {Conversation} conversation */
export function hasSeveral(conversation) {
  return ['group', 'subject', 'inbox'].includes(conversation.kind) || supervisorsOf(conversation).length > 0;
}

/** Whether it is an announcement of somebody else's, who may be answered in private. @param {State} state @param {string} id */
export function mayAnswer({ conversations, me }, id) {
  const conversation = conversations[id];
  return conversation?.kind === 'announcement' && !isOwner(conversation, me.id);
}

/** The conversation about a record, if there is one. @param {State} state @param {{kind: string, id: string}} subject */
export function conversationAbout(state, { kind, id }) {
  return Object.values(state.conversations).find(({ subject }) => subject?.kind === kind && subject.id === id);
}

/** @param {Conversation} conversation @returns {Member[]} */
export function presentMembers(conversation) {
  return conversation.members.filter((member) => !member.left);
}

/** @param {Conversation} conversation @param {string} me */
export function isOwner(conversation, me) {
  return conversation.members.some((member) => member.id === me && member.owner && !member.left);
}

/**
 * How others have read one's own message.
 * @param {Conversation} conversation
 * @param {Message} message
 * @param {string} me
 */
export function readersOf(conversation, message, me) {
  return conversation.members.filter(
    (member) => member.id !== me && !member.left && member.read_seq !== null && member.read_seq >= message.seq,
  ).length;
}

/** @param {State} state @param {Message} message @param {number} now milliseconds */
export function mayEdit(state, message, now) {
  return isMine(state, message) && within(message, state.limits.edit_seconds, now);
}

/** @param {State} state @param {Message} message @param {number} now milliseconds */
export function mayDelete(state, message, now) {
  if (message.deleted || message.kind !== 'user') return false;
  const conversation = state.conversations[message.conversation];
  if (conversation && isOwner(conversation, state.me.id)) return true;
  return isMine(state, message) && within(message, state.limits.delete_seconds, now);
}

/** @param {State} state @param {Message} message */
function isMine(state, message) {
  return !message.deleted && message.kind === 'user' && message.author?.id === state.me.id;
}

/** @param {Message} message @param {number|null|undefined} seconds none: always @param {number} now */
function within(message, seconds, now) {
  return seconds == null || now - Date.parse(message.created_at) < seconds * 1_000;
}

/** @param {string} one @param {string} other */
function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}
