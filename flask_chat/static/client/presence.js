/** Whom we want to know about: those in the open conversation, those listed, those we write with. */

import { Timers } from '../net/timers.js';
import { conversationsOf, otherOf } from '../state/select.js';

/** @import { Tools } from '../types.js' */

const MOST = 200;

export class Presence {
  #looking = '';
  #told = '';
  #tools;
  #timers;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
  }

  /** @param {string} conversation the one that is open */
  look(conversation) {
    this.#looking = conversation;
    this.watch();
  }

  /** @param {string} status */
  follow(status) {
    this.#told = '';
    if (status === 'live') this.watch();
  }

  /** Soon, and once for several reasons. */
  watch() {
    if (this.#tools.boot.features.presence) this.#timers.after('watch', 200, () => this.#tell());
  }

  #tell() {
    const { socket } = this.#tools;
    const people = this.#people();
    const wanted = people.join(' ');
    if (wanted === this.#told || socket.status !== 'live') return;
    this.#told = wanted;
    socket.send({ type: 'presence.watch', data: { people } });
  }

  #people() {
    const state = this.#tools.state();
    const members = state.conversations[this.#looking]?.members ?? [];
    const others = conversationsOf(state).flatMap((conversation) => otherOf(conversation, state.me.id) ?? []);
    const ids = [...members, ...state.people.list, ...others].map((person) => person.id);
    return [...new Set(ids)].filter((id) => id !== state.me.id).slice(0, MOST);
  }
}
