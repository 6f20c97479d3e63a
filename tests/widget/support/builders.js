/** Things as the server would send them. */

/** @typedef {import('../../../flask_chat/static/types.js').Message} Message */

export const ANA = { id: '1', name: 'Ana', role: null, avatar: null };
export const BEN = { id: '2', name: 'Ben', role: null, avatar: null };

/** @param {any} person @param {object} [more] @returns {any} */
export function member(person, more = {}) {
  return { ...person, owner: false, since_seq: 0, read_seq: 0, left: false, rule: null, ...more };
}

/** @param {number} seq @param {object} [more] @returns {Message} */
export function message(seq, more = {}) {
  const created_at = new Date(Date.UTC(2026, 0, 1, 9, 0, seq)).toISOString();
  return /** @type {Message} */ ({
    id: `m${seq}`, conversation: '7', seq, change: seq, kind: 'user', author: BEN, body: `words ${seq}`,
    client_id: `client-${seq}`, created_at, edited_at: null, deleted: false, reply_to: null, ...more,
  });
}

/** @param {Message} data @param {string} [type] */
export function posted(data, type = 'message.posted') {
  return { type, conversation: data.conversation, change: data.change, data };
}

/** @param {object} [more] @returns {any} */
export function head(more = {}) {
  return {
    id: '7', kind: 'group', title: 'Class 4b', members: [member(ANA, { owner: true }), member(BEN)], members_count: 2,
    last_seq: 0, last_change: 0, first_seq: 1, updated_at: '2026-01-01T09:00:00Z', preview: null,
    version: 1, read_seq: 0, unread: 0, counted_to: 0, muted: false, archived: false, pinned: false, confirmed: false, ...more,
  };
}

/** @returns {import('../../../flask_chat/static/types.js').Boot} */
export function boot() {
  return {
    user: ANA, api: '/chat/api', ws: '/chat/ws', login: '/login', csrf: { header: 'X-CSRFToken', token: 'first' },
    limits: { body: 4000, title: 200, frame: 16384, members: 100, edit_seconds: 900 },
    features: { typing: true, presence: true, read_receipts: true }, heartbeat: 25,
  };
}
