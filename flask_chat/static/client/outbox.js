/** Own words: kept over page loads, and on their way to the server. */

import { keyOf } from '../kept.js';
import { Backoff, Timers } from '../net/timers.js';

/**
 * @import { Problem } from '../net/requests.js'
 * @import { Pending, Tools } from '../types.js'
 */

const SLOW_MS = 10_000;
/** So often a server may answer "not now" before a person decides. */
const TRIES = 6;

/**
 * Shown at once, sent one after the other per conversation, over the socket when it lives and over
 * REST otherwise. The same `client_id` at every try, so none is doubled.
 */
export class Outbox {
  /** @type {Set<string>} conversations with a message under way */
  #sending = new Set();
  /** @type {Map<string, number>} refusals so far by client_id */
  #tries = new Map();
  #tools;
  #keep;
  #timers;
  #backoff;

  /** @param {Tools} tools @param {Keep} keep */
  constructor(tools, keep) {
    this.#tools = tools;
    this.#keep = keep;
    this.#timers = new Timers(tools.env);
    this.#backoff = new Backoff(tools.env.random);
  }

  /** @param {{conversation: string, body: string}} words */
  post({ conversation, body }) {
    const { env, change } = this.#tools;
    /** @type {Pending} */
    const pending = { client_id: env.token(), conversation, body, at: env.now(), status: 'queued', reason: null };
    change({ type: 'outbox.added', pending });
    this.#keep.save();
    this.flush();
  }

  /** @param {string} client_id */
  retry(client_id) {
    this.#tries.delete(client_id);
    this.#mark(client_id, 'queued');
    this.flush();
  }

  /** @param {string} client_id */
  discard(client_id) {
    this.#tools.change({ type: 'outbox.removed', client_id });
    this.#keep.save();
  }

  /** The first of each conversation goes; its answer lets the next one go. While syncing, all wait for `live`. */
  flush() {
    if (['unauthorised', 'offline', 'syncing'].includes(this.#tools.state().connection.status)) return;
    for (const pending of this.#tools.state().outbox) {
      if (pending.status === 'failed' || this.#sending.has(pending.conversation)) continue;
      this.#sending.add(pending.conversation);
      this.#deliver(pending);
    }
  }

  /** @param {Pending} pending */
  async #deliver(pending) {
    const { conversation, client_id } = pending;
    this.#mark(client_id, 'sending');
    this.#timers.after(client_id, SLOW_MS, () => this.#mark(client_id, 'slow'));
    try {
      const answer = await this.#send(pending);
      if (answer.held) this.#tools.change({ type: 'message.held', data: answer.held });
      else this.#tools.change({ type: 'message.received', message: answer.message ?? answer });
      this.#tools.change({ type: 'outbox.removed', client_id });
      this.#backoff.reset();
    } catch (problem) {
      this.#fail(pending, /** @type {Problem} */ (problem));
    } finally {
      this.#timers.cancel(client_id);
      this.#sending.delete(conversation);
      this.#keep.save();
    }
    if (!this.#timers.has('retry')) this.flush();
  }

  /** @param {Pending} pending */
  async #send({ conversation, client_id, body }) {
    const { api, socket } = this.#tools;
    const path = `/conversations/${encodeURIComponent(conversation)}/messages`;
    if (socket.status !== 'live') return api.send('POST', path, { client_id, body });
    try {
      return await socket.ask('message.post', { conversation, client_id, body });
    } catch (problem) {
      if (/** @type {Problem} */ (problem).code !== 'unreachable') throw problem;
      return api.send('POST', path, { client_id, body });
    }
  }

  /** @param {Pending} pending @param {Problem} problem */
  #fail({ client_id }, problem) {
    if (problem.code === 'unauthorized') {
      this.#timers.after('retry', SLOW_MS, () => this.flush());
      return this.#mark(client_id, 'queued');
    }
    const tries = (this.#tries.get(client_id) ?? 0) + Number(problem.code !== 'unreachable');
    this.#tries.set(client_id, tries);
    if (!problem.passing || tries >= TRIES) return this.#mark(client_id, 'failed', problem.code);
    const long = this.#tools.env.now() - this.#age(client_id) >= SLOW_MS;
    this.#mark(client_id, long ? 'slow' : 'queued');
    const pause = problem.retryAfter ? problem.retryAfter * 1_000 : 500 + this.#backoff.next();
    this.#timers.after('retry', pause, () => this.flush());
  }

  /** @param {string} client_id */
  #age(client_id) {
    return this.#tools.state().outbox.find((pending) => pending.client_id === client_id)?.at ?? 0;
  }

  /** @param {string} client_id @param {Pending['status']} status @param {string} [reason] */
  #mark(client_id, status, reason) {
    this.#tools.change({ type: 'outbox.changed', client_id, status, reason });
  }
}

/**
 * Drafts and what is not yet sent: in this tab's sessionStorage, under the person's id; nothing that
 * was received is ever written there.
 */
export class Keep {
  #tools;
  #timers;
  #key;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
    this.#key = keyOf(tools.boot.user.id);
  }

  /** What an earlier page of this person left. */
  restore() {
    const kept = parse(this.#tools.env.storage?.getItem(this.#key) ?? null);
    if (kept) this.#tools.change({ type: 'outbox.restored', outbox: kept.outbox.map(requeued), drafts: kept.drafts });
  }

  /** @param {{conversation: string, body: string}} draft */
  draft({ conversation, body }) {
    this.#tools.change({ type: 'draft.changed', conversation, body });
    this.#timers.after('save', 300, () => this.save());
  }

  save() {
    const { outbox, drafts } = this.#tools.state();
    try {
      this.#tools.env.storage?.setItem(this.#key, JSON.stringify({ outbox, drafts }));
    } catch {
      // A full or forbidden storage costs the words only if the page is left now.
    }
  }
}

/** @param {string|null} text @returns {{outbox: Pending[], drafts: Record<string, string>}|null} */
function parse(text) {
  try {
    const kept = JSON.parse(text ?? 'null');
    return kept && Array.isArray(kept.outbox) && kept.drafts ? kept : null;
  } catch {
    return null;
  }
}

/** @param {Pending} pending @returns {Pending} */
function requeued(pending) {
  return pending.status === 'failed' ? pending : { ...pending, status: 'queued' };
}
