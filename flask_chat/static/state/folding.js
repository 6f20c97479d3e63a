/** How words are compared when somebody searches: without case, accents, or the forms of letters. */

// Accents, Arabic vowel signs, Hebrew points; in other scripts such marks are letters.
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g;

/** @param {string} text */
export function folded(text) {
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').replaceAll('ø', 'o').replaceAll('ł', 'l');
}

/**
 * Whether every word of the query is somewhere in the texts.
 * @param {string} query
 * @param {string} texts folded already
 */
export function contains(query, texts) {
  return folded(query).split(/\s+/).every((word) => texts.includes(word));
}
