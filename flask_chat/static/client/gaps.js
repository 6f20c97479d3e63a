/** A change is missing: wait a moment for it, then ask; too far behind, load the newest page. */

import { Timers } from '../net/timers.js';

/**
 * @import { Tools } from '../types.js'
 * @import { Heads } from './heads.js'
 * @import { History } from './history.js'
 */

/** Two workers may publish N+1 before N. */
const PATIENCE_MS = 500;
const RETRY_MS = 3_000;
const TOO_FAR = 200;

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
