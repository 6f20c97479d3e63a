/** Messages in order of `seq`. Binary insertion: a sort per message costs 60 ms at 100 000. */

/** @import { Message } from '../types.js' */

/**
 * Index of the first row at or after `seq`.
 * @param {readonly {seq: number}[]} rows
 * @param {number} seq
 */
export function indexOf(rows, seq) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {Message[]} rows @param {number} seq @returns {Message|undefined} */
export function rowAt(rows, seq) {
  const row = rows[indexOf(rows, seq)];
  return row?.seq === seq ? row : undefined;
}

/**
 * The rows with this message in its place. The row that was touched last stays, so a late page
 * cannot bring back what was deleted.
 * @param {Message[]} rows
 * @param {Message} message
 * @returns {Message[]} the same array when nothing is new
 */
export function insertRow(rows, message) {
  const at = indexOf(rows, message.seq);
  const known = rows[at]?.seq === message.seq;
  if (known && rows[at].change >= message.change) return rows;
  if (at === rows.length) return rows.concat(message); // copies them once, not twice
  const next = rows.slice();
  next.splice(at, known ? 1 : 0, message);
  return next;
}

/**
 * A page of history, ascending, joined to what is there.
 * @param {Message[]} rows
 * @param {Message[]} page
 * @returns {Message[]}
 */
export function joinPage(rows, page) {
  if (!page.length) return rows;
  if (!rows.length) return page;
  if (page[page.length - 1].seq < rows[0].seq) return [...page, ...rows];
  return page.reduce(insertRow, rows);
}
