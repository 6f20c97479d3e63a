/**
 * What the host lets this person do to the records they talk about: asked when a thread opens, and
 * again when its record has changed.
 */

import { Timers } from '../net/timers.js';

/** @import { StateEvent, Tools } from '../types.js' */

/** Everybody who looks at the record hears of it at the same moment; they do not all ask then. */
const SOON_MS = 300;
const RETRY_MS = 5_000;

export class Records {
  /** @type {Set<string>} the conversations that somebody has open */
  #watched = new Set();
  /** @type {Map<string, Promise<void>>} what is being done */
  #running = new Map();
  /** @type {Map<string, string>} the marks of what may have been done: no answer came */
  #marks = new Map();
  #tools;
  #timers;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
  }

  /** @param {string} id @returns {Promise<void>|undefined} */
  open(id) {
    const { boot, state } = this.#tools;
    if (!boot.features.actions || state().conversations[id]?.kind !== 'subject') return undefined;
    this.#watched.add(id);
    return this.#load(id);
  }

  /** Nobody has written about it yet. @param {{kind: string, id: string}} subject */
  async about({ kind, id }) {
    if (!this.#tools.boot.features.actions) return;
    const { actions } = await this.#tools.api.get(`/actions?${new URLSearchParams({ kind, id })}`);
    this.#tools.change({ type: 'actions.loaded', conversation: `${kind}:${id}`, actions });
  }

  /** @param {string} id */
  close(id) {
    this.#watched.delete(id);
    this.#timers.cancel(id);
  }

  /** Nobody heard what happened in between. */
  again() {
    for (const id of this.#watched) this.#soon(id);
  }

  /** @param {StateEvent} event what the state has just been told */
  hear(event) {
    if (this.#watched.has(event.conversation) && tells(event)) this.#soon(event.conversation);
  }

  /**
   * Once, however often it is asked for while it runs; and asked for again because no answer came,
   * the server knows whether it has been done.
   * @param {{conversation: string, name: string, values: Record<string, string>}} deed
   * @returns {Promise<void>} rejects with a Problem
   */
  run(deed) {
    const key = JSON.stringify([deed.conversation, deed.name, deed.values]);
    const running = this.#running.get(key) ?? this.#run(deed, key).finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }

  /** @param {{conversation: string, name: string, values: Record<string, string>}} deed @param {string} key */
  async #run({ conversation, name, values }, key) {
    const client_id = this.#marks.get(key) ?? this.#tools.env.token();
    this.#marks.set(key, client_id);
    try {
      const { actions } = await this.#tools.api.send('POST', `${path(conversation)}/${encodeURIComponent(name)}`, { client_id, values });
      this.#marks.delete(key);
      this.#tools.change({ type: 'actions.loaded', conversation, actions });
    } catch (problem) {
      if (!(/** @type {any} */ (problem).passing)) this.#refused(conversation, key);
      throw problem;
    }
  }

  /** What is offered is not what was shown. @param {string} conversation @param {string} key */
  #refused(conversation, key) {
    this.#marks.delete(key);
    if (this.#watched.has(conversation)) this.#soon(conversation);
  }

  /** @param {string} id @param {number} [ms] */
  #soon(id, ms = SOON_MS) {
    if (!this.#timers.has(id)) this.#timers.after(id, ms * (1 + this.#tools.env.random()), () => this.#load(id));
  }

  /** @param {string} id */
  async #load(id) {
    try {
      const { actions } = await this.#tools.api.get(path(id));
      this.#tools.change({ type: 'actions.loaded', conversation: id, actions });
    } catch (problem) {
      if (/** @type {any} */ (problem).passing && this.#watched.has(id)) this.#soon(id, RETRY_MS);
    }
  }
}

/** Whether it says that a record has changed, or what was done to it. @param {StateEvent} event */
function tells({ type, data, changes }) {
  if (type === 'changes.loaded') return changes.some(tells);
  return type === 'conversation.changed' || type === 'conversation.loaded' || (type === 'message.posted' && data?.kind === 'system');
}

/** @param {string} conversation */
function path(conversation) {
  return `/conversations/${encodeURIComponent(conversation)}/actions`;
}
