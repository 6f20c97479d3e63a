/** The page, to its client: what it lends, when it is looked at, and when it goes. */
/** @import { Client } from './client.js' */
/** @import { Environment } from './types.js' */
/**
 * Starts the client, and keeps it in step with the page: no attempts while nobody looks or there
 * is no network; ended when the page goes away, begun again when it comes back.
 * @param {Client} client
 * @param {AbortSignal} [signal] ends it
 * @returns {() => void} ends it, too
 */
export function followPage(client: Client, signal?: AbortSignal): () => void;
/** What the client borrows from the browser; tests hand in their own. @returns {Environment} */
export function browserEnvironment(): Environment;
import type { Client } from './client.js';
import type { Environment } from './types.js';
