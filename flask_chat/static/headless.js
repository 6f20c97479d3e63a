/** The chat without a face, for hosts that draw it themselves: the package's public names. */

/** @import { Boot } from './types.js' */

export { createChatClient } from './client.js';
export { followPage } from './page.js';

/**
 * What the client has to know before it starts.
 * @param {string} [api] where the chat's REST interface is
 * @returns {Promise<Boot|null>} null when nobody is signed in
 */
export async function fetchBoot(api = '/chat/api') {
  const answer = await fetch(`${api}/session`, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`${api}/session answered ${answer.status}`);
  return answer.json();
}
