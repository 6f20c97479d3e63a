/** Whom we want to know about: those in the open conversations, those listed, those we write with. */

import { Timers } from '../net/timers.js';
import { conversationsOf, otherOf } from '../state/select.js';

/** @import { Tools } from '../types.js' */

const MOST = 200;
const OPEN_MOST = 4;

export class Presence {
  /** @type {string[]} the conversations opened last: the elements of a page may show several */
  #looking = [];
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
    this.#looking = [...new Set([conversation, ...this.#looking])].slice(0, OPEN_MOST);
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
    const members = this.#looking.flatMap((id) => state.conversations[id]?.members ?? []);
    const others = conversationsOf(state).flatMap((conversation) => otherOf(conversation, state.me.id) ?? []);
    const ids = [...members, ...state.people.list, ...others].map((person) => person.id);
    return [...new Set(ids)].filter((id) => id !== state.me.id).slice(0, MOST);
  }
}
