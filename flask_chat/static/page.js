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
export function followPage(client, signal) {
  const ending = new AbortController();
  signal?.addEventListener('abort', () => ending.abort());
  const look = () => client.setVisible(document.visibilityState === 'visible');
  const until = { signal: ending.signal };
  document.addEventListener('visibilitychange', look, until);
  window.addEventListener('online', () => client.setOnline(true), until);
  window.addEventListener('offline', () => client.setOnline(false), until);
  window.addEventListener('pagehide', () => client.stop(), until);
  window.addEventListener('pageshow', (event) => event.persisted && client.start(), until);
  ending.signal.addEventListener('abort', () => client.stop());
  look();
  client.start();
  return () => ending.abort();
}

/** What the client borrows from the browser; tests hand in their own. @returns {Environment} */
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
