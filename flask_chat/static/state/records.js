/** What the host lets this person do to the records they talk about. */

/** @import { State, StateEvent } from '../types.js' */

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyRecords(state, event) {
  if (event.type !== 'actions.loaded') return state;
  const { conversation, actions } = event;
  // Asked for often, and nearly always the same.
  if (JSON.stringify(state.actions[conversation]) === JSON.stringify(actions)) return state;
  return { ...state, actions: { ...state.actions, [conversation]: actions } };
}
