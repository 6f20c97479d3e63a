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
 * @import { Boot, Pin, Ui } from './types.js'
 */

const LINGER_MS = 1_000;

/** @typedef {{ui: Partial<Ui>, focused: boolean}} Standing what is open, and whether somebody is in it */
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
  /** @type {Map<string, Standing & {at: number}>} by the place of an element that has gone */
  #left = new Map();
  /** @type {Map<string, {take: (standing: Standing) => boolean, at: number}>} who came last, by place */
  #heirs = new Map();

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

  /** An element goes while it is open: whoever has its place, or takes it at once, goes on from there. @param {string} place @param {Standing} standing */
  remember(place, standing) {
    const heir = this.#heirs.get(place);
    if (!heir || isOld(heir) || !heir.take(standing)) this.#left.set(place, { ...standing, at: Date.now() });
  }

  /**
   * Some swaps put the new element in before the old one goes.
   * @param {string} place
   * @param {(standing: Standing) => boolean} take
   * @returns {boolean} whether there was something to go on from
   */
  inherit(place, take) {
    const left = this.#left.get(place);
    this.#left.delete(place);
    this.#heirs.set(place, { take, at: Date.now() });
    return left !== undefined && !isOld(left) && take(left);
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
    this.#left.clear();
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

/** @param {{at: number}} what */
function isOld({ at }) {
  return Date.now() - at > LINGER_MS;
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

/** The one conversation that an element is to show. @param {HTMLElement} host @returns {Pin|null} */
export function pinOf(host) {
  const conversation = host.getAttribute('conversation');
  if (conversation) return { conversation };
  const subject = host.getAttribute('subject');
  return subject ? { subject: subjectOf(subject) } : null;
}

/** @param {string} words `application:17` */
export function subjectOf(words) {
  const [kind, ...id] = words.split(':');
  return { kind, id: id.join(':') };
}
