/** New messages of the open thread, said once to those who listen instead of look. */

/** @import { Message, State } from '../types.js' */

const GATHER_MS = 1_000;
const KEPT = 20;

export class Announcer {
  #conversation = '';
  /** @type {number|null} the newest seq that needs no saying; null until the thread is loaded */
  #said = null;
  /** @type {string[]} */
  #texts = [];
  /** @type {any} */
  #timer = null;
  #log;
  #word;

  /** @param {HTMLElement} log @param {(message: Message, state: State) => string} word */
  constructor(log, word) {
    this.#log = log;
    this.#word = word;
  }

  /** @param {State} state @param {string|null} conversation the open one */
  follow(state, conversation) {
    const thread = state.threads[conversation ?? ''];
    if (this.#conversation !== conversation) this.#said = null;
    this.#conversation = conversation ?? '';
    if (thread?.status !== 'ready') return;
    const { rows } = thread;
    const last = rows[rows.length - 1]?.seq ?? 0;
    const said = this.#said ?? last;
    // Of a flood the newest are said; more are not kept anyway.
    const news = [];
    for (let at = rows.length - 1; at >= 0 && rows[at].seq > said && news.length < KEPT; at--) news.unshift(rows[at]);
    for (const message of news) this.#queue(message, state);
    this.#said = Math.max(said, last);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** @param {Message} message @param {State} state */
  #queue(message, state) {
    if (message.deleted || message.author?.id === state.me.id) return;
    this.#texts.push(this.#word(message, state));
    this.#timer ??= setTimeout(() => this.#speak(), GATHER_MS);
  }

  #speak() {
    this.#timer = null;
    for (const text of this.#texts.splice(0)) {
      const line = document.createElement('p');
      line.textContent = text;
      this.#log.append(line);
    }
    while (this.#log.childElementCount > KEPT) this.#log.firstElementChild?.remove();
  }
}
