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
export function useChat<Picked = State>(client: Client, select?: (state: State) => Picked): Picked;
import type { State } from './types.js';
import type { Client } from './client.js';
