/** Ids become strings here, once; from here inwards nothing else is ever compared. */

/** @import { Frame } from '../types.js' */

const IDS = new Set(['id', 'user', 'conversation', 'message', 'by', 'reply_to', 'client_id']);
const LISTS = new Set(['gone', 'users']);

/**
 * The same JSON value with every id a string. Changes the value in place: it is fresh off the wire.
 * @param {any} value
 * @returns {any}
 */
export function identified(value) {
  if (Array.isArray(value)) value.forEach(identified);
  else if (value && typeof value === 'object') {
    for (const key of Object.keys(value)) value[key] = field(key, value[key]);
  }
  return value;
}

/** @param {string} key @param {any} value */
function field(key, value) {
  if (IDS.has(key) && typeof value === 'number') return String(value);
  if (LISTS.has(key) && Array.isArray(value)) return value.map((each) => (typeof each === 'number' ? String(each) : each));
  return identified(value);
}

/**
 * @param {unknown} text
 * @returns {Frame | null} null for what is no frame
 */
export function parse(text) {
  try {
    const frame = JSON.parse(/** @type {string} */ (text));
    return frame && typeof frame.type === 'string' ? identified(frame) : null;
  } catch {
    return null;
  }
}
