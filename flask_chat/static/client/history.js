/** History by pages: the newest when a thread opens, older ones before the top is reached. */

/** @import { Tools } from '../types.js' */

const PAGE = 50;
const PAGE_MAX = 100;

export class History {
  /** @type {Set<string>} conversations with a request under way */
  #asking = new Set();
  #tools;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
  }

  /** @param {string} conversation */
  async open(conversation) {
    this.#tools.change({ type: 'thread.opened', conversation });
    if (this.#tools.state().threads[conversation]?.status !== 'ready') await this.newest(conversation);
  }

  /** Threads that were left waiting when everything was forgotten or the network went. */
  reopen() {
    for (const [id, thread] of Object.entries(this.#tools.state().threads)) {
      if (thread.status !== 'ready') this.newest(id);
    }
  }

  /** @param {string} conversation */
  newest(conversation) {
    const unread = this.#tools.state().conversations[conversation]?.unread ?? 0;
    return this.#page(conversation, `limit=${Math.min(PAGE_MAX, PAGE + unread)}`, false);
  }

  /** @param {string} conversation */
  async older(conversation) {
    const thread = this.#tools.state().threads[conversation];
    if (!thread?.more || !thread.rows.length) return;
    await this.#page(conversation, `before=${thread.rows[0].seq}&limit=${PAGE}`, true);
  }

  /** @param {string} conversation @param {string} query @param {boolean} older */
  async #page(conversation, query, older) {
    const { api, change } = this.#tools;
    if (this.#asking.has(conversation)) return;
    this.#asking.add(conversation);
    change({ type: 'history.loading', conversation, older });
    try {
      const page = await api.get(`/conversations/${encodeURIComponent(conversation)}/messages?${query}`);
      change({ type: 'history.loaded', conversation, messages: page.messages, more: page.more, older });
    } catch (problem) {
      if (/** @type {any} */ (problem).status === 404) change({ type: 'gone', conversation });
      else change({ type: 'history.failed', conversation, older });
    } finally {
      this.#asking.delete(conversation);
    }
  }
}
