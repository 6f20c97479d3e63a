/** What a page does for its client: says when it is looked at, and when it goes. */

/** @import { Client } from './client.js' */

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
