/**
 * Own words, kept over page loads: drafts and what is not yet sent. In this tab's sessionStorage,
 * under the person's id; nothing that was received is ever written there.
 */

import { Timers } from '../net/timers.js';
import { keyOf } from '../kept.js';

/** @import { Pending, Tools } from '../types.js' */

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
