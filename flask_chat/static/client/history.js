/** History by pages: the newest when a thread opens, older ones before the top is reached. */

/** @import { Tools } from '../types.js' */

const PAGE = 50;
const PAGE_MAX = 100;

export class History {
  /** @type {Set<string>} what is being asked for */
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
    return this.#page(conversation, `limit=${Math.min(PAGE_MAX, PAGE + unread)}`, null);
  }

  /** @param {string} conversation */
  async older(conversation) {
    const thread = this.#tools.state().threads[conversation];
    if (!thread?.more || !thread.rows.length) return;
    const before = thread.rows[0].seq;
    await this.#page(conversation, `before=${before}&limit=${PAGE}`, before);
  }

  /** @param {string} conversation @param {string} query @param {number|null} before the seq it ends above */
  async #page(conversation, query, before) {
    const { api, change } = this.#tools;
    const older = before !== null;
    const key = `${conversation} ${older}`;
    if (this.#asking.has(key)) return;
    this.#asking.add(key);
    change({ type: 'history.loading', conversation, older });
    try {
      const { messages, more } = await api.get(`/conversations/${encodeURIComponent(conversation)}/messages?${query}`);
      change({ type: 'history.loaded', conversation, messages, more, before });
    } catch (problem) {
      if (/** @type {any} */ (problem).status === 404) change({ type: 'gone', conversation });
      else change({ type: 'history.failed', conversation, older });
    } finally {
      this.#asking.delete(key);
    }
  }
}
