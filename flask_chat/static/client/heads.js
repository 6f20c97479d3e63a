/** Conversations as the server has them: all that differ (`/sync`), or one. */

import { Timers } from '../net/timers.js';

/** @import { State, Tools } from '../types.js' */

const PAGE = 100;
const KNOWN_MAX = 5_000;

export class Heads {
  /** @type {Promise<boolean>|null} */
  #running = null;
  #again = false;
  #tools;
  #timers;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
  }

  /** One at a time; whoever asks during a run gets another one after it. @returns {Promise<boolean>} whether all came */
  sync() {
    if (this.#running) this.#again = true;
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  /** What was asked before something happened may be older than it: ask once more. */
  repeat() {
    if (this.#running) this.#again = true;
  }

  get busy() {
    return this.#running !== null;
  }

  /** @param {string} conversation */
  async refresh(conversation) {
    const { api, change } = this.#tools;
    try {
      const { conversation: head } = await api.get(`/conversations/${encodeURIComponent(conversation)}`);
      change({ type: 'conversation.loaded', conversation: head });
    } catch (problem) {
      if (/** @type {any} */ (problem).status === 404) change({ type: 'gone', conversation });
      else throw problem;
    }
  }

  /** Once for a burst. @param {string} conversation */
  refreshSoon(conversation) {
    if (this.#timers.has(conversation)) return;
    this.#timers.after(conversation, 300, () => this.refresh(conversation).catch(() => {}));
  }

  async #run() {
    this.#tools.change({ type: 'heads.loading' });
    try {
      do {
        this.#again = false;
        await this.#pages();
      } while (this.#again);
      return true;
    } catch {
      this.#tools.change({ type: 'heads.failed' });
      return false;
    }
  }

  async #pages() {
    const { api, change, state } = this.#tools;
    const known = knownOf(state());
    if (!Object.keys(known).length && (await this.#copied())) return;
    let after = null;
    do {
      const answer = await api.send('POST', '/sync', { known, limit: PAGE, after });
      if (isOlder(answer, known, state().epoch)) {
        change({ type: 'forget' });
        this.#again = true;
        return;
      }
      // Of one that is gone there may have been news meanwhile: somebody may be in it again.
      if (answer.gone?.some((/** @type {string} */ id) => known[id])) this.#again = true;
      change({ type: 'heads.loaded', ...answer });
      after = answer.next ?? null;
    } while (after);
  }

  /** From another tab, where one has them all. */
  async #copied() {
    const { change, socket } = this.#tools;
    const shared = await socket.snapshot();
    if (shared) change({ type: 'heads.copied', ...shared });
    return shared !== null;
  }
}

/** @param {State} state @returns {Record<string, [number, number]>} */
function knownOf({ conversations }) {
  const known = Object.values(conversations).slice(0, KNOWN_MAX);
  return Object.fromEntries(known.map(({ id, last, version }) => [id, [last, version]]));
}

/**
 * A database restored from yesterday: another epoch, or a head below what had been applied.
 * @param {any} answer @param {Record<string, [number, number]>} known @param {string|null} epoch
 */
function isOlder(answer, known, epoch) {
  if (epoch && answer.epoch && answer.epoch !== epoch) return true;
  return answer.conversations.some((/** @type {any} */ head) => head.last_change < known[head.id]?.[0]);
}
