/** Which conversations somebody means: by title, by who is in them, by what is loaded of them. */

import { contains, folded } from './folding.js';

/** @import { Conversation, Message, State } from '../types.js' */

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
