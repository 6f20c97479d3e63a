/** Timers by what they wait for; a new one of the same name replaces the old. */

/** @import { Environment } from '../types.js' */
export class Timers {
  /** @type {Map<string, any>} */
  #running = new Map();
  #env;

  /** @param {Pick<Environment, 'setTimeout'|'clearTimeout'>} env */
  constructor(env) {
    this.#env = env;
  }

  /** @param {string} name @param {number} ms @param {() => void} call */
  after(name, ms, call) {
    this.cancel(name);
    const timer = this.#env.setTimeout(() => {
      this.#running.delete(name);
      call();
    }, ms);
    this.#running.set(name, timer);
  }

  /** @param {string} name */
  has(name) {
    return this.#running.has(name);
  }

  /** @param {string} name */
  cancel(name) {
    if (!this.#running.has(name)) return;
    this.#env.clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  /** @param {string} [but] the one that keeps running */
  cancelAll(but) {
    for (const name of [...this.#running.keys()]) if (name !== but) this.cancel(name);
  }
}
