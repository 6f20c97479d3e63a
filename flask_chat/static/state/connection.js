/** What is needed while the widget is closed: how the connection stands and how much is unread. */

/** @import { Boot, Queue, State, StateEvent } from '../types.js' */

/** @param {Boot} boot @returns {State} */
export function initialState(boot) {
  return {
    me: boot.user,
    limits: boot.limits,
    features: boot.features,
    login: boot.login ?? null,
    connection: { status: 'idle', retryAt: null, outdated: false, skew: 0 },
    totals: { unread: 0, conversations: 0 },
    people: { status: 'idle', list: [], at: null, query: '', next: null, inbox: null },
    drafts: {},
    outbox: [],
    ...nothingReceived(),
  };
}

/** Everything that came from the server, forgotten. */
export function nothingReceived() {
  return {
    roster: /** @type {State['roster']} */ ({ conversation: null, query: '', found: [], next: null }),
    epoch: null,
    heads: /** @type {State['heads']} */ ('none'),
    conversations: {},
    threads: {},
    typing: {},
    online: {},
    gone: null,
    inboxes: /** @type {State['inboxes']} */ ([]),
    sentences: /** @type {State['sentences']} */ ({}),
    queue: noQueue(),
    actions: /** @type {State['actions']} */ ({}),
  };
}

/** @returns {Queue} */
export function noQueue() {
  return { status: 'idle', key: '', list: [], next: null };
}

/** @param {State} state @param {StateEvent} event @returns {State} */
export function applyConnection(state, event) {
  switch (event.type) {
    case 'connection.changed':
      return connect(state, event);
    case 'totals.counted':
      return { ...state, totals: event.totals };
    case 'hello':
      return { ...state, connection: { ...state.connection, skew: Date.parse(event.now) - event.at || 0 } };
    case 'bye':
      return event.code === 'reload' ? { ...state, connection: { ...state.connection, outdated: true } } : state;
    default:
      return state;
  }
}

/** @param {State} state @param {StateEvent} event */
function connect(state, { status, retryAt }) {
  const connection = { ...state.connection, status, retryAt };
  if (status !== 'unauthorised') return { ...state, connection };
  const totals = { unread: 0, conversations: 0 };
  const people = { ...state.people, status: /** @type {const} */ ('idle'), list: [], at: null };
  return { ...state, ...nothingReceived(), totals, people, connection };
}
