/** What has been said: history by pages, and the changes that are missing between what is known. */

import { Timers } from '../net/timers.js';

/**
 * @import { Tools } from '../types.js'
 * @import { Heads } from './heads.js'
 */

const PAGE = 50;
const PAGE_MAX = 100;
/** Two workers may publish N+1 before N. */
const PATIENCE_MS = 500;
const RETRY_MS = 3_000;
const TOO_FAR = 200;

/** The newest page when a thread opens, older ones before the top is reached. */
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

/** A change is missing: wait a moment for it, then ask; too far behind, load the newest page. */
export class Gaps {
  #tools;
  #heads;
  #history;
  #timers;

  /** @param {Tools} tools @param {Heads} heads @param {History} history */
  constructor(tools, heads, history) {
    this.#tools = tools;
    this.#heads = heads;
    this.#history = history;
    this.#timers = new Timers(tools.env);
  }

  checkAll() {
    for (const id of Object.keys(this.#tools.state().conversations)) this.check(id, 0);
  }

  /** @param {string} id @param {number} [ms] */
  check(id, ms = PATIENCE_MS) {
    if (this.#missing(id) > 0 && !this.#timers.has(id)) this.#timers.after(id, ms, () => this.#fill(id));
  }

  /** @param {string} id */
  #missing(id) {
    const conversation = this.#tools.state().conversations[id];
    return conversation ? conversation.last_change - conversation.last : 0;
  }

  /** @param {string} id */
  async #fill(id) {
    const missing = this.#missing(id);
    if (missing <= 0) return;
    try {
      if (missing > TOO_FAR) await this.#leap(id);
      else await this.#ask(id);
      if (this.#tools.state().conversations[id]?.stale) await this.#heads.refresh(id);
    } catch (problem) {
      this.#give(id, /** @type {any} */ (problem).status);
    }
  }

  /** @param {string} id */
  async #ask(id) {
    const { api, change, state } = this.#tools;
    let more = true;
    while (more && state().conversations[id]) {
      const after = state().conversations[id].last;
      const answer = await api.get(`/conversations/${encodeURIComponent(id)}/changes?after=${after}&limit=200`);
      change({ ...answer, type: 'changes.loaded', conversation: id });
      more = answer.more;
    }
  }

  /** @param {string} id */
  async #leap(id) {
    this.#tools.change({ type: 'thread.dropped', conversation: id });
    await this.#heads.refresh(id);
    if (this.#tools.state().threads[id]) await this.#history.newest(id);
  }

  /** @param {string} id @param {number} status */
  #give(id, status) {
    if (status === 404) this.#tools.change({ type: 'gone', conversation: id });
    else if (this.#tools.state().connection.status === 'live') this.check(id, RETRY_MS);
  }
}
