/** What may vanish at any moment: who is there, who is typing; and the directory of people. */

import { put } from './heads.js';
import { applyMark } from './members.js';

/** @import { Directory, State, StateEvent } from '../types.js' */

export const TYPING_MS = 6_000;

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyCompany(state, event) {
  switch (event.type) {
    case 'typing':
      return type(state, event);
    case 'typing.expired':
      return expire(state, event.now);
    case 'presence':
      return { ...state, online: { ...state.online, ...present(event.data?.people ?? {}) } };
    case 'read.updated':
      return mark(state, event);
    case 'people.loading':
      return people(state, { ...anew(state.people, event.inbox ?? null), status: 'loading', query: event.query });
    case 'people.loaded':
      return people(state, listed(state.people, event));
    case 'people.failed':
      return people(state, { status: 'failed' });
    default:
      return state;
  }
}

/** @param {State} state @param {StateEvent} event `now` is added by the client that hears it */
function type(state, { conversation, data, now }) {
  if (data.user === state.me.id || !state.conversations[conversation]) return state;
  const typing = { ...state.typing[conversation], [data.user]: now + TYPING_MS };
  return { ...state, typing: { ...state.typing, [conversation]: typing } };
}

/** @param {State} state @param {number} now @returns {State} */
function expire(state, now) {
  /** @type {State['typing']} */
  const typing = {};
  for (const [conversation, people] of Object.entries(state.typing)) {
    const still = Object.entries(people).filter(([, until]) => until > now);
    if (still.length) typing[conversation] = Object.fromEntries(still);
  }
  return { ...state, typing };
}

/** @param {Record<string, string>} people */
function present(people) {
  return Object.fromEntries(Object.entries(people).map(([id, word]) => [id, word === 'online']));
}

/** @param {State} state @param {StateEvent} event @returns {State} */
function mark(state, { conversation: id, data }) {
  const conversation = state.conversations[id];
  if (!conversation || data.user === state.me.id) return state;
  return put(state, applyMark(conversation, data));
}

/** @param {State} state @param {Partial<Directory>} change @returns {State} */
function people(state, change) {
  return { ...state, people: { ...state.people, ...change } };
}

/** The old list stays meanwhile, unless it is of other people. @param {Directory} known @param {string|null} inbox @returns {Partial<Directory>} */
function anew(known, inbox) {
  return known.inbox === inbox ? {} : { inbox, list: [], next: null, at: null };
}

/** A first page replaces the list, a further one extends it. @param {Directory} known @param {StateEvent} event @returns {Partial<Directory>} */
function listed(known, { people: page, next, further, now }) {
  const list = further ? [...known.list, ...page] : page;
  return { status: 'ready', list, next: next ?? null, at: now };
}
