/** What the wire says: frames, whose ids become strings here, once; and what a close code asks of us. */

/** @import { Frame } from '../types.js' */

/**
 * `retry` with backoff · `pause`, then come back at a random moment of `range` (milliseconds) ·
 * `ask` who we are first · `rest` until the page is looked at again · `stop` for good.
 *
 * @typedef {{then: 'retry'|'ask'|'rest'}
 *   | {then: 'pause', range: [number, number]}
 *   | {then: 'stop', status: 'unauthorised'|'refused'}} Verdict
 */

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

/** @type {Record<number, Verdict>} */
const KNOWN = {
  1009: { then: 'stop', status: 'refused' },
  1012: { then: 'pause', range: [500, 8_000] },
  1013: { then: 'pause', range: [10_000, 60_000] },
  4001: { then: 'stop', status: 'unauthorised' },
  4003: { then: 'ask' },
  4009: { then: 'rest' },
  4108: { then: 'retry' },
  4129: { then: 'pause', range: [5_000, 30_000] },
};

/**
 * @param {number} code
 * @param {[number, number] | null} span what a `bye` named, milliseconds
 * @returns {Verdict}
 */
export function verdict(code, span) {
  const known = KNOWN[code] ?? byRange(code);
  return known.then === 'pause' && span ? { then: 'pause', range: span } : known;
}

/** @param {number} code @returns {Verdict} */
function byRange(code) {
  if (code >= 4000 && code < 4100) return { then: 'stop', status: 'refused' };
  if (code >= 4100 && code < 4200) return { then: 'pause', range: [1_000, 10_000] };
  return { then: 'retry' };
}
