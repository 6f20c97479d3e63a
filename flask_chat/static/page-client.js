/**
 * The one client of a page: all elements share it, and so one socket, one count, one history.
 *
 * An element joins when it enters the page and leaves with it. Between the two pages of a Turbo
 * visit, or the two halves of an htmx swap, nobody is there for a moment; the client waits for the
 * next to come instead of dropping its socket.
 */

import { createChatClient } from './client.js';
import { followPage } from './page.js';
import { wishesOf } from './kept.js';

/**
 * @import { Client } from './client.js'
 * @import { Boot } from './types.js'
 */

const LINGER_MS = 1_000;

/** @typedef {(client: Client, boot: Boot) => void} Guest is told of the client, and of another one in its place */

export class PageClient {
  /** @type {Client|null} */
  #client = null;
  /** @type {Boot|null} whose chat it is, and where */
  #boot = null;
  /** @type {AbortController|null} */
  #stopping = null;
  /** @type {Set<Guest>} */
  #guests = new Set();
  /** @type {any} */
  #lingering = null;

  /**
   * @param {Guest} guest
   * @param {Boot|null} boot none: whatever client the page has, or will have
   * @returns {() => void} leaves
   */
  join(guest, boot) {
    clearTimeout(this.#lingering);
    this.#guests.add(guest);
    if (boot && nameOf(boot) !== nameOf(this.#boot)) this.#replace(boot);
    else if (this.#client && this.#boot) guest(this.#client, this.#boot);
    return () => this.#leave(guest);
  }

  /** @param {Guest} guest */
  #leave(guest) {
    this.#guests.delete(guest);
    if (this.#guests.size === 0) this.#lingering = setTimeout(() => this.#stop(), LINGER_MS);
  }

  /** Somebody else is signed in now, or it is the page's first. @param {Boot} boot */
  #replace(boot) {
    this.#stop();
    this.#boot = boot;
    this.#client = createChatClient(boot);
    this.#stopping = new AbortController();
    followPage(this.#client, this.#stopping.signal);
    watchFor(this.#client, this.#stopping.signal);
    for (const guest of [...this.#guests]) guest(this.#client, boot);
  }

  #stop() {
    this.#stopping?.abort();
    this.#client = this.#boot = this.#stopping = null;
  }
}

export const pageClient = new PageClient();

/** Being told while nobody looks is fetched when somebody has asked for it. @param {Client} client @param {AbortSignal} signal */
function watchFor(client, signal) {
  const begin = () => {
    if (wishesOf(client.getSnapshot().me.id)) import('./alerts.js').then(({ alerts }) => alerts(client, signal), () => {});
  };
  window.addEventListener('storage', begin, { signal });
  window.addEventListener('flask-chat-wishes', begin, { signal });
  begin();
}

/** @param {Boot|null} boot */
function nameOf(boot) {
  return boot && `${boot.api} ${boot.user.id}`;
}

/** @param {HTMLElement} element @returns {Boot|null} null without one: another of the page may have it */
export function bootOf(element) {
  try {
    return JSON.parse(element.getAttribute('boot') ?? 'null');
  } catch {
    return null;
  }
}
