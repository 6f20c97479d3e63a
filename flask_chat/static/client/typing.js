/** Typing: told at most every three seconds, believed for six. */

import { TYPING_MS } from '../state/company.js';
import { Timers } from '../net/timers.js';

/** @import { Frame, Tools } from '../types.js' */

const TELL_MS = 3_000;

export class Typing {
  #tools;
  #timers;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
  }

  /** @param {string} conversation */
  tell(conversation) {
    const { boot, socket } = this.#tools;
    const told = `told ${conversation}`;
    if (!boot.features.typing || socket.status !== 'live' || this.#timers.has(told)) return;
    socket.send({ type: 'typing', data: { conversation } });
    this.#timers.after(told, TELL_MS, () => {});
  }

  /** @param {Frame} frame */
  hear(frame) {
    const { env, change } = this.#tools;
    change({ ...frame, now: env.now() });
    const name = `${frame.conversation} ${frame.data?.user}`;
    this.#timers.after(name, TYPING_MS, () => change({ type: 'typing.expired', now: env.now() }));
  }
}
