/**
 * What the client has to know before it starts.
 * @param {string} [api] where the chat's REST interface is
 * @returns {Promise<Boot|null>} null when nobody is signed in
 */
export function fetchBoot(api?: string): Promise<Boot | null>;
export { createChatClient } from "./client.js";
export { followPage } from "./page.js";
import type { Boot } from './types.js';
