/** "Read up to here": shown at once, told to the server once for a burst, and again if it was lost. */

import { Timers } from '../net/timers.js';

/** @import { Tools } from '../types.js' */

const GATHER_MS = 300;

export class Reads {
  /** @type {Map<string, number>} what the server has not confirmed */
  #untold = new Map();
  #tools;
  #timers;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
  }

  /** @param {{conversation: string, seq: number}} mark */
  mark({ conversation, seq }) {
    const known = this.#tools.state().conversations[conversation];
    if (!known || seq <= known.read_seq) return;
    this.#tools.change({ type: 'read.marked', conversation, seq });
    this.#untold.set(conversation, seq);
    if (!this.#timers.has(conversation)) this.#timers.after(conversation, GATHER_MS, () => this.#tell(conversation));
  }

  flush() {
    if (this.#tools.socket.status === 'syncing') return;
    for (const conversation of this.#untold.keys()) this.#tell(conversation);
  }

  /** @param {string} conversation */
  async #tell(conversation) {
    const seq = this.#untold.get(conversation);
    if (seq === undefined) return;
    try {
      const answer = await this.#send(conversation, seq);
      if (this.#untold.get(conversation) === seq) this.#untold.delete(conversation);
      const known = this.#tools.state().conversations[conversation];
      if (known) this.#tools.change({ type: 'conversation.self', conversation, data: { ...known, ...answer } });
    } catch (problem) {
      // Kept in #untold: told again after the next sync, unless the server will never take it.
      if (!/** @type {any} */ (problem).passing) this.#untold.delete(conversation);
    }
  }

  /** @param {string} conversation @param {number} seq */
  #send(conversation, seq) {
    const { api, socket } = this.#tools;
    if (socket.status === 'live') return socket.ask('conversation.read', { conversation, seq });
    return api.send('PUT', `/conversations/${encodeURIComponent(conversation)}/read`, { seq });
  }
}
