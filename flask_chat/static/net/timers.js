/** When: timers by what they wait for, and how long to wait before the next try. */

/** @import { Environment } from '../types.js' */

/** A new timer of the same name replaces the old. */
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

/** Full jitter: a random moment up to a doubling bound, so that a thousand clients spread out. */
export class Backoff {
  #tries = 0;
  #random;

  /** @param {() => number} random */
  constructor(random) {
    this.#random = random;
  }

  /** Milliseconds until the next try. */
  next() {
    return this.#random() * Math.min(30_000, 1_000 * 2 ** this.#tries++);
  }

  reset() {
    this.#tries = 0;
  }
}
