/**
 * `apply(state, event) -> state`: pure, with structural sharing; what changes nothing returns the
 * same object. Events are the frames of the wire as they come, and the client's own facts.
 */

import { applyChanges, applyDurable, applyMessage } from './changes.js';
import { applyCompany } from './company.js';
import { applyConnection } from './connection.js';
import { applyHeads, put, recount } from './heads.js';
import { keepMarks, mergeMembers } from './members.js';
import { applyOffices } from './offices.js';
import { applyHeld, applyOutbox } from './outbox.js';
import { applyRecords } from './records.js';
import { applyThread } from './threads.js';
import { applyOwn } from './unread.js';

/** @import { State, StateEvent } from '../types.js' */

const PARTS = [applyConnection, applyHeads, applyThread, applyOutbox, applyCompany, applyOffices, applyRecords, applyHeld];

/** @param {State} state @param {StateEvent} event @returns {State} */
export function apply(state, event) {
  if (typeof event.change === 'number') return applyDurable(state, /** @type {any} */ (event));
  switch (event.type) {
    case 'message.received':
      return recount(applyMessage(state, event.message));
    case 'changes.loaded':
      return applyChanges(state, event);
    case 'conversation.self':
      return self(state, event);
    case 'members.loaded':
      return members(state, event);
    default:
      return PARTS.reduce((next, part) => part(next, event), state);
  }
}

/** @param {State} state @param {StateEvent} event @returns {State} */
function self(state, event) {
  const conversation = state.conversations[event.conversation];
  return conversation ? recount(put(state, applyOwn(conversation, event.data))) : state;
}

/** @param {State} state @param {StateEvent} event @returns {State} */
function members(state, event) {
  const { conversation: id, query = '', next = null, further = false } = event;
  const conversation = state.conversations[id];
  if (!conversation) return state;
  const page = keepMarks(event.members, conversation.members);
  // The only page is all there are; of more, those known already stay.
  const isAll = !query && !next && !further;
  const members = isAll ? page : mergeMembers(conversation.members, page);
  const found = [...(further ? state.roster.found : []), ...page.map((member) => member.id)];
  return put({ ...state, roster: { conversation: id, query, found, next } }, { ...conversation, members });
}
