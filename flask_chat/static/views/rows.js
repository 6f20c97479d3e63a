/** What stands in a thread, top to bottom: days, the line of new messages, messages, own words on their way. */

import { dayOf } from '../i18n/dates.js';

/** @import { Message, Pending } from '../types.js' */

const GROUP_MS = 5 * 60_000;

/**
 * @typedef {{kind: 'day', key: string, at: string}} Day
 * @typedef {{kind: 'line', key: string}} Line
 * @typedef {{kind: 'system', key: string, message: Message}} System
 * @typedef {{kind: 'message', key: string, message: Message, own: boolean, first: boolean, last: boolean}} Said
 * @typedef {{kind: 'pending', key: string, pending: Pending, first: boolean, last: boolean}} Waiting
 * @typedef {{kind: 'note', key: string, message: Message}} Note
 * @typedef {Day|Line|System|Said|Waiting|Note} Row
 */

/**
 * @param {Message[]} messages ascending
 * @param {Pending[]} pending
 * @param {{me: string, line: number|null, before?: Message, notes?: string}} where `before`: the message above the
 *   first · `notes`: the conversation of the notes among them, which have numbers of their own
 * @returns {Row[]}
 */
export function rowsOf(messages, pending, { me, line, before, notes }) {
  /** @type {Row[]} */
  const rows = [];
  let previous = before;
  let drawn = before !== undefined && line !== null && before.seq > line;
  for (const message of messages) {
    const newDay = !previous || dayOf(previous.created_at) !== dayOf(message.created_at);
    if (newDay) rows.push({ kind: 'day', key: `day ${dayOf(message.created_at)}`, at: message.created_at });
    const noted = notes !== undefined && message.conversation === notes;
    const newLine = !drawn && !noted && line !== null && message.seq > line && message.author?.id !== me;
    if (newLine) rows.push({ kind: 'line', key: 'line' });
    drawn ||= newLine;
    if (noted) rows.push({ kind: 'note', key: `note ${message.id}`, message });
    else rows.push(said(message, me, !newDay && !newLine && previous !== undefined && together(previous, message)));
    previous = message;
  }
  for (const each of pending) rows.push(waiting(each, previous, me, rows));
  return markLast(rows);
}

/** @param {Message} message @param {string} me @param {boolean} joined @returns {Row} */
function said(message, me, joined) {
  const own = message.author?.id === me;
  const key = keyOf(message, own);
  if (message.kind === 'system') return { kind: 'system', key, message };
  return { kind: 'message', key, message, own, first: !joined, last: true };
}

/** @param {Pending} pending @param {Message|undefined} previous @param {string} me @param {Row[]} rows @returns {Row} */
function waiting(pending, previous, me, rows) {
  const above = rows[rows.length - 1];
  const afterOwn = above?.kind === 'message' && above.own && previous?.author?.id === me;
  return { kind: 'pending', key: pending.client_id, pending, first: !(afterOwn || above?.kind === 'pending'), last: true };
}

/** Own words keep their key when they have been sent, so that nothing flickers. @param {Message} message @param {boolean} own */
function keyOf(message, own) {
  return own && message.client_id ? message.client_id : `message ${message.id}`;
}

/** @param {Message} one @param {Message} other */
function together(one, other) {
  if (one.conversation !== other.conversation || one.kind !== other.kind || one.author?.id !== other.author?.id) return false;
  return Date.parse(other.created_at) - Date.parse(one.created_at) < GROUP_MS;
}

/** A row is the last of its group when the next one begins another. @param {Row[]} rows */
function markLast(rows) {
  for (let at = 0; at < rows.length - 1; at++) {
    const row = rows[at];
    const next = rows[at + 1];
    const joined = (next.kind === 'message' || next.kind === 'pending') && !next.first;
    if ('last' in row && joined) row.last = false;
  }
  return rows;
}
