/** What the client borrows from the browser; tests hand in their own. */

/** @import { Environment } from './types.js' */

/** @returns {Environment} */
export function browserEnvironment() {
  return {
    WebSocket: window.WebSocket,
    fetch: window.fetch.bind(window),
    setTimeout: window.setTimeout.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    random: Math.random,
    now: Date.now,
    token,
    storage: storage(),
    // Absent on plain http.
    locks: navigator.locks ?? null,
    channel: window.BroadcastChannel ? (name) => new BroadcastChannel(name) : null,
    origin: window.location.origin,
  };
}

/** 128 random bits; `crypto.randomUUID` does not exist on plain http. */
function token() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Some browsers throw at the mere mention of it. */
function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
