/** The lead among the tabs of a browser: who has it, and for whom of the others it keeps what. */

import { Timers } from './timers.js';

/**
 * @import { Environment } from '../types.js'
 * @import { Note } from './follower.js'
 */

/**
 * @typedef {object} Fate
 * @property {() => void} onHeld
 * @property {() => void} onLost another tab has taken it
 * @property {() => void} onRefused there are no locks to be had here after all
 */

/**
 * Whoever holds the lock has the lead. A tab waits in line for it, or takes it by force from one
 * that is hidden or does not answer.
 */
export class Claim {
  /** @type {{abort: AbortController, held: boolean, release: () => void}|null} */
  #current = null;
  #locks;
  #name;
  #fate;

  /** @param {LockManager} locks @param {string} name @param {Fate} fate */
  constructor(locks, name, fate) {
    this.#locks = locks;
    this.#name = name;
    this.#fate = fate;
  }

  /** Held as soon as nobody else does. */
  queue() {
    this.#request(false);
  }

  /** Held now. */
  seize() {
    this.#request(true);
  }

  /** Neither held nor waited for. */
  drop() {
    const claim = this.#current;
    this.#current = null;
    claim?.abort.abort();
    claim?.release();
  }

  /** @param {boolean} steal */
  #request(steal) {
    this.drop();
    const claim = { abort: new AbortController(), held: false, release: () => {} };
    this.#current = claim;
    // Who steals may not carry a signal.
    const how = steal ? { steal } : { signal: claim.abort.signal };
    this.#locks.request(this.#name, how, () => this.#hold(claim)).catch(() => this.#ended(claim));
  }

  /** The lock lasts as long as the promise. @param {any} claim */
  #hold(claim) {
    if (claim !== this.#current) return;
    claim.held = true;
    const released = new Promise((resolve) => (claim.release = () => resolve(undefined)));
    this.#fate.onHeld();
    return released;
  }

  /** @param {any} claim */
  #ended(claim) {
    if (claim !== this.#current) return;
    this.#current = null;
    if (claim.held) this.#fate.onLost();
    else this.#fate.onRefused();
  }
}

/** Of a burst, so often. */
const TOTALS_MS = 100;

/** The other tabs there are: those that have said something. Where there is none, nobody is told. */
export class Others {
  /** @type {Set<string>} */
  #ids = new Set();
  #timers;

  /** @param {Pick<Environment, 'setTimeout'|'clearTimeout'>} env */
  constructor(env) {
    this.#timers = new Timers(env);
  }

  get any() {
    return this.#ids.size > 0;
  }

  /** @param {Note} note */
  hear({ from, say }) {
    if (say === 'left') this.#ids.delete(from);
    else this.#ids.add(from);
  }

  /** At once, and of what follows closely only the end. @param {() => void} say */
  tell(say) {
    if (!this.any || this.#timers.has('totals')) return;
    say();
    this.#timers.after('totals', TOTALS_MS, say);
  }

  /** Nobody is listened to any more. */
  forget() {
    this.#ids.clear();
    this.#timers.cancelAll();
  }
}

const MOST = 200;

/** Whom the tabs behind one socket want to hear of: the server keeps one list for each socket. */
export class Watching {
  /** @type {Map<string, string[]>} people by tab, the tab that asked last at the end */
  #wanted = new Map();

  /**
   * The same frame; where it names people, with those of the other tabs.
   * @param {string} tab
   * @param {any} frame
   */
  merged(tab, frame) {
    if (frame.type !== 'presence.watch') return frame;
    this.forget(tab);
    this.#wanted.set(tab, frame.data.people);
    const people = [...this.#wanted.values()].reverse().flat();
    return { ...frame, data: { people: [...new Set(people)].slice(0, MOST) } };
  }

  /** @param {string} tab one that has been closed */
  forget(tab) {
    this.#wanted.delete(tab);
  }
}
