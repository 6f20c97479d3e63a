/** The directory: asked anew at every opening; the old list stays, and a newer question ends an older one. */

/** @import { Tools } from '../types.js' */

const PAGE = 50;

export class People {
  /** @type {AbortController|null} */
  #request = null;
  #path = '/people';
  #tools;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
  }

  /** @param {string} [query] @param {string} [inbox] of those whom this office may write to */
  search(query = '', inbox) {
    this.#path = inbox ? `/inboxes/${encodeURIComponent(inbox)}/people` : '/people';
    this.#tools.change({ type: 'people.loading', query, inbox });
    return this.#ask(`q=${encodeURIComponent(query)}&limit=${PAGE}`, false);
  }

  async more() {
    const { next, query } = this.#tools.state().people;
    if (next) await this.#ask(`q=${encodeURIComponent(query)}&after=${encodeURIComponent(next)}&limit=${PAGE}`, true);
  }

  /** @param {string} query @param {boolean} further */
  async #ask(query, further) {
    const { api, change, env } = this.#tools;
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    try {
      const { people, next } = await api.get(`${this.#path}?${query}`, request.signal);
      if (!request.signal.aborted) change({ type: 'people.loaded', people, next, further, now: env.now() });
    } catch {
      if (!request.signal.aborted) change({ type: 'people.failed' });
    }
  }
}
