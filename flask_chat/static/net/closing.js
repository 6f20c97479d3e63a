/**
 * What a close code asks of us.
 *
 * `retry` with backoff · `pause`, then come back at a random moment of `range` (milliseconds) ·
 * `ask` who we are first · `rest` until the page is looked at again · `stop` for good.
 *
 * @typedef {{then: 'retry'|'ask'|'rest'}
 *   | {then: 'pause', range: [number, number]}
 *   | {then: 'stop', status: 'unauthorised'|'refused'}} Verdict
 */

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
