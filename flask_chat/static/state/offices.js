/** Offices: which there are, how what was asked of them stands, and a page of a queue in another order. */

import { noQueue } from './connection.js';
import { put, recount } from './heads.js';

/** @import { Inquiry, Queue, State, StateEvent } from '../types.js' */

/** @type {WeakMap<State['conversations'], Map<string, Inquiry>>} */
const known = new WeakMap();

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyOffices(state, event) {
  switch (event.type) {
    case 'inboxes.loaded':
      return { ...state, inboxes: event.inboxes, sentences: event.sentences ?? {} };
    case 'inquiry.told':
      return tell(state, event.inquiry);
    case 'queue.loading':
      return { ...state, queue: event.key === state.queue.key ? { ...state.queue, status: 'loading' } : { ...noQueue(), status: 'loading', key: event.key } };
    case 'queue.loaded':
      return event.key === state.queue.key ? { ...state, queue: listed(state.queue, event) } : state;
    case 'queue.failed':
      return event.key === state.queue.key ? { ...state, queue: { ...state.queue, status: 'failed' } } : state;
    default:
      return state;
  }
}

/**
 * What the office knows of its conversations, by their id; nothing, to whoever is no staff of it.
 * @param {State} state
 */
export function inquiriesOf({ conversations }) {
  let found = known.get(conversations);
  if (!found) {
    found = new Map();
    for (const { inquiry } of Object.values(conversations)) if (inquiry) found.set(inquiry.conversation, inquiry);
    known.set(conversations, found);
  }
  return found;
}

/**
 * In which part of the queue it stands, for this person at this moment.
 * @param {Inquiry} inquiry @param {string} me @param {number} now milliseconds, by the server's clock
 * @returns {'new'|'mine'|'others'|'waiting'|'closed'}
 */
export function partOf({ assignee, closed_at, snoozed_until }, me, now) {
  if (closed_at) return 'closed';
  if (snoozed_until && Date.parse(snoozed_until) > now) return 'waiting';
  if (!assignee) return 'new';
  return assignee.id === me ? 'mine' : 'others';
}

/**
 * The notes that do not reach as far back as the letter they are among, and can.
 * @param {State} state @param {string} letter its conversation
 * @returns {string|null} the conversation of the notes
 */
export function notesBehind(state, letter) {
  const inquiry = inquiriesOf(state).get(letter);
  const shown = state.threads[letter];
  const notes = state.threads[inquiry?.notes ?? ''];
  if (!inquiry || shown?.status !== 'ready' || notes?.status !== 'ready' || notes.older !== 'idle' || !notes.more || !notes.rows.length) return null;
  const begin = shown.more ? (shown.rows[0]?.created_at ?? '') : '';
  return notes.rows[0].created_at > begin ? inquiry.notes : null;
}

/** The office one works in that was chosen, or the first. @param {State} state @param {string|null} chosen */
export function staffedIn(state, chosen) {
  const staffed = state.inboxes.filter((inbox) => inbox.staff);
  return staffed.find(({ name }) => name === chosen) ?? staffed[0];
}

/** All that is open in an office, who has waited the longest first. @param {State} state @param {string} inbox */
export function openIn(state, inbox) {
  return [...inquiriesOf(state).values()]
    .filter((inquiry) => inquiry.inbox === inbox && !inquiry.closed_at && inquiry.opened_at)
    .sort((one, other) => compare(one.waiting_since ?? '~', other.waiting_since ?? '~') || compare(one.opened_at ?? '', other.opened_at ?? ''));
}

/** What asks for this person: new, or theirs. @param {State} state @param {number} now */
export function askingIn(state, now) {
  const staffed = new Set(state.inboxes.filter((inbox) => inbox.staff).map((inbox) => inbox.name));
  return [...inquiriesOf(state).values()].filter(
    (inquiry) => staffed.has(inquiry.inbox) && inquiry.waiting_since && ['new', 'mine'].includes(partOf(inquiry, state.me.id, now)),
  ).length;
}

/** As an answer tells it; the frame that says the same comes besides. @param {State} state @param {Inquiry} inquiry */
function tell(state, inquiry) {
  const notes = state.conversations[inquiry.notes];
  return notes ? recount(put(state, { ...notes, inquiry })) : state;
}

/** @param {Queue} queue @param {StateEvent} event @returns {Queue} */
function listed(queue, { inquiries, next, further }) {
  const kept = further ? queue.list.filter((one) => !inquiries.some((/** @type {Inquiry} */ other) => other.conversation === one.conversation)) : [];
  return { ...queue, status: 'ready', list: [...kept, ...inquiries], next };
}

/** @param {string} one @param {string} other */
function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}
