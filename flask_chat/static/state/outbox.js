/** Own words on their way, in the order they were written; gone from here once they have a seq. */

/** @import { Pending, State, StateEvent } from '../types.js' */

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
