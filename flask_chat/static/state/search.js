/** Which conversations somebody means: by title, by who is in them, by what is loaded of them. */

/** @import { Conversation, Message, State } from '../types.js' */

// Accents, Arabic vowel signs, Hebrew points; in other scripts such marks are letters.
const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g;

/** @type {WeakMap<Conversation, string>} */
const heads = new WeakMap();
/** @type {WeakMap<Message[], string>} */
const histories = new WeakMap();

/**
 * @param {Conversation[]} conversations
 * @param {string} query
 * @param {State} state
 * @param {(conversation: Conversation) => string} titleOf
 * @returns {Conversation[]} in the same order; all of them for an empty query
 */
export function search(conversations, query, state, titleOf) {
  if (!query.trim()) return conversations;
  return conversations.filter((conversation) => {
    const head = remembered(heads, conversation, () => wordsOf(conversation, titleOf(conversation)));
    const rows = state.threads[conversation.id]?.rows;
    const history = rows ? remembered(histories, rows, () => folded(rows.map(({ body }) => body).join('\n'))) : '';
    return contains(query, `${head}\n${history}`);
  });
}

/** @param {Conversation} conversation @param {string} title */
function wordsOf({ members, preview }, title) {
  return folded([title, ...members.map(({ name }) => name), preview?.deleted ? '' : (preview?.body ?? '')].join('\n'));
}

/** @template {object} K @param {WeakMap<K, string>} known @param {K} key @param {() => string} make */
function remembered(known, key, make) {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** How words are compared: without case, accents, or the forms of letters. @param {string} text */
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
