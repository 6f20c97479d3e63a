/**
 * Own words on their way, in the order they were written; gone from here once they have a seq. And
 * those that wait with the server for the end of somebody's quiet hours, from the first load on.
 */

/** @import { Held, Message, Pending, Quiet, State, StateEvent } from '../types.js' */

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyOutbox(state, event) {
  switch (event.type) {
    case 'outbox.restored':
      return { ...state, outbox: event.outbox, drafts: event.drafts };
    case 'outbox.added':
      return { ...state, outbox: [...state.outbox, event.pending] };
    case 'outbox.changed':
      return { ...state, outbox: state.outbox.map((pending) => changed(pending, event)) };
    case 'outbox.removed':
      return { ...state, outbox: state.outbox.filter((pending) => pending.client_id !== event.client_id) };
    case 'draft.changed':
      return draft(state, event);
    default:
      return state;
  }
}

/** @param {Pending} pending @param {StateEvent} event @returns {Pending} */
function changed(pending, { client_id, status, reason = null }) {
  return pending.client_id === client_id ? { ...pending, status, reason } : pending;
}

/** @param {State} state @param {StateEvent} event */
function draft(state, { conversation, body }) {
  const { [conversation]: old, ...drafts } = state.drafts;
  return { ...state, drafts: body ? { ...drafts, [conversation]: body } : drafts };
}

/** @type {Held[]} */
const NONE = [];

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyHeld(state, event) {
  switch (event.type) {
    case 'heads.loaded':
    case 'heads.copied':
      return event.held ? put(state, event.held) : state;
    case 'message.held':
      return stands(state, event.data);
    case 'held.loaded':
      return { ...event.held.reduce(stands, state), quiet: { ...state.quiet, [event.conversation]: event.quiet } };
    case 'forget':
      return put(state, NONE);
    case 'connection.changed':
      return event.status === 'unauthorised' ? { ...put(state, NONE), quiet: {} } : state;
    default:
      return state;
  }
}

/** It has been delivered. @param {State} state @param {Message} message @returns {State} */
export function deliver(state, { author, client_id }) {
  if (author?.id !== state.me.id || !state.held?.length) return state;
  return put(state, state.held.filter((held) => held.client_id !== client_id));
}

/** As rows of a conversation. @param {State} state @param {string} conversation @returns {Pending[]} */
export function heldIn(state, conversation) {
  return (state.held ?? NONE)
    .filter((held) => held.conversation === conversation)
    .map((held) => ({ client_id: held.client_id, conversation, body: held.body, at: Date.parse(held.created_at), status: 'held', reason: null, held }));
}

/** What would hold back a message that is written now. @param {State} state @param {string} conversation @param {number} at @returns {Quiet|null} */
export function quietIn(state, conversation, at) {
  const quiet = state.quiet?.[conversation];
  return quiet && (!quiet.until || Date.parse(quiet.until) > at) ? quiet : null;
}

/** @param {State} state @param {Held} held @returns {State} */
function stands(state, held) {
  const others = (state.held ?? NONE).filter(({ id }) => id !== held.id);
  const outbox = state.outbox.filter(({ client_id }) => client_id !== held.client_id);
  const next = outbox.length < state.outbox.length ? { ...state, outbox } : state;
  // Its frame may come after the one that says that it was delivered.
  const said = state.threads[held.conversation]?.rows.some((row) => row.client_id === held.client_id && row.author?.id === state.me.id);
  if (said || held.state === 'cancelled') return put(next, others);
  return put(next, [...others, held].sort((one, other) => Number(one.id) - Number(other.id)));
}

/** @param {State} state @param {Held[]} held @returns {State} */
function put(state, held) {
  return held.length || state.held?.length ? { ...state, held } : state;
}
