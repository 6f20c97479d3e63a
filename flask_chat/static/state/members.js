/** Who is in a conversation, as far as the client holds it: the first fifty, or all once asked. */

/** @import { Conversation, Member, StateEvent } from '../types.js' */

/** @param {Member[]} members @param {Member[]} changed @returns {Member[]} */
export function mergeMembers(members, changed) {
  const next = new Map(members.map((member) => [member.id, member]));
  for (const member of changed) next.set(member.id, { ...next.get(member.id), ...member });
  return [...next.values()];
}

/**
 * The list as the server gives it; marks that are further here stay, because they only grow.
 * @param {Member[]} members
 * @param {Member[]} known
 * @returns {Member[]}
 */
export function keepMarks(members, known) {
  const marks = new Map(known.map((member) => [member.id, member.read_seq]));
  return members.map((member) => {
    const mark = marks.get(member.id) ?? null;
    return mark !== null && member.read_seq !== null && mark > member.read_seq ? { ...member, read_seq: mark } : member;
  });
}

/**
 * Somebody came, went, or became an owner.
 * @param {Conversation} conversation
 * @param {StateEvent} frame
 * @returns {Conversation}
 */
export function applyMembers(conversation, frame) {
  /** @type {Member[]} */
  const changed = frame.data?.members ?? [];
  const step = { 'member.added': 1, 'member.left': -1 }[frame.type] ?? 0;
  // A head may be newer than a late frame: who is here as the frame says is counted already.
  const known = new Map(conversation.members.map(({ id, left }) => [id, left]));
  const moved = changed.filter(({ id }) => known.get(id) !== (step < 0));
  const members = mergeMembers(conversation.members, changed.map((member) => presence(member, frame.type)));
  return { ...conversation, members, members_count: conversation.members_count + step * moved.length };
}

/** @param {Member} member @param {string} type @returns {Member} */
function presence(member, type) {
  if (type === 'member.changed') return member;
  return { ...member, left: type === 'member.left' };
}

/**
 * Others' marks only grow.
 * @param {Conversation} conversation
 * @param {{user: string, seq: number}} mark
 * @returns {Conversation}
 */
export function applyMark(conversation, { user, seq }) {
  const reader = conversation.members.find((member) => member.id === user);
  if (!reader || (reader.read_seq ?? -1) >= seq) return conversation;
  const members = conversation.members.map((member) => (member === reader ? { ...member, read_seq: seq } : member));
  return { ...conversation, members };
}
