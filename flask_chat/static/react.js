/** The chat for React: what is known, as a value that components draw. */

import { useSyncExternalStore } from 'react';

/** @import { Client } from './client.js' */
/** @import { State } from './types.js' */

/**
 * What `select` picks from the state; the component is drawn again when that changes. It has to
 * pick what is there already: a new object each time would be a change each time.
 * @template [Picked=State]
 * @param {Client} client made once, outside of the components
 * @param {(state: State) => Picked} [select]
 * @returns {Picked}
 */
export function useChat(client, select = (state) => /** @type {any} */ (state)) {
  const pick = () => select(client.getSnapshot());
  return useSyncExternalStore(client.subscribe, pick, pick);
}
