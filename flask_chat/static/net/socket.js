/**
 * One WebSocket and its life: when to open, when to come back, when never again.
 *
 *     idle -> connecting -> syncing -> live -> waiting | offline | polling
 *     unauthorised, refused, closed: final until a person acts
 *
 * `polling`: the network is fine but no socket can be had; tried again now and then, quietly.
 * Every attempt has a generation number; what an older socket still says is ignored.
 */

import { Backoff, Timers } from './timers.js';
import { parse, verdict } from './wire.js';
import { Requests } from './requests.js';

/** @import { Environment, Frame, Status } from '../types.js' */

const HELLO_MS = 15_000;
const STEADY_MS = 5_000;
const HIDDEN_MS = 60_000;
/** The watchdog bites after this many heartbeats (65 s of 25 s). */
const SILENCE = 2.6;
/** @type {[number, number]} */
const POLLING_RETRY = [45_000, 90_000];
const FINAL = ['unauthorised', 'refused'];

/**
 * @typedef {'same'|'other'|'unknown'} Identity
 * @typedef {object} Ears
 * @property {(frame: Frame) => void} onFrame everything but answers and heartbeats
 * @property {(status: Status, retryAt: number|null) => void} onStatus
 * @property {() => Promise<Identity>} whoAmI
 */

export class ChatSocket {
  /** @type {Status} */
  #status = 'idle';
  #generation = 0;
  /** @type {any} */
  #socket = null;
  #opened = false;
  #failures = 0;
  #polling = false;
  #visible = true;
  #online = true;
  #heartbeat;
  /** @type {[number, number]|null} */
  #span = null;
  #timers;
  #url;
  #env;
  #ears;
  #backoff;
  #requests;

  /**
   * @param {{url: string, heartbeat: number}} address heartbeat in seconds
   * @param {Environment} env
   * @param {Ears} ears
   */
  constructor({ url, heartbeat }, env, ears) {
    this.#url = url;
    this.#heartbeat = heartbeat;
    this.#env = env;
    this.#ears = ears;
    this.#backoff = new Backoff(env.random);
    this.#requests = new Requests(env);
    this.#timers = new Timers(env);
  }

  get status() {
    return this.#status;
  }

  start() {
    if (!this.#visible) return;
    if (!this.#online) return this.#become('offline');
    this.#connect();
  }

  /** The page goes away, or the element leaves it. */
  stop() {
    this.#drop();
    if (!FINAL.includes(this.#status)) this.#become('idle');
  }

  /** Nobody is signed in any more: no further attempts. */
  refuse() {
    this.#drop();
    this.#become('unauthorised');
  }

  /** @param {boolean} [asked] whether a person did; being signed out outlasts even that */
  retryNow(asked = false) {
    if (this.#socket || this.#status === 'unauthorised') return;
    if (asked || this.#status !== 'refused') this.#connect();
  }

  /** What was missed has been loaded. */
  synced() {
    if (this.#status !== 'syncing') return;
    this.#become('live');
    this.#timers.after('steady', STEADY_MS, () => this.#backoff.reset());
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.#visible = visible;
    if (visible) {
      this.#timers.cancel('hidden');
      this.retryNow();
    } else {
      this.#timers.cancel('retry');
      this.#timers.after('hidden', HIDDEN_MS, () => this.stop());
    }
  }

  /** @param {boolean} online */
  setOnline(online) {
    this.#online = online;
    if (FINAL.includes(this.#status) || this.#status === 'idle') return;
    this.#drop();
    this.#polling = false;
    if (!online) this.#become('offline');
    else if (this.#visible) this.#connect();
  }

  /** @param {object} frame @returns {boolean} whether it was handed to an open socket */
  send(frame) {
    if (!this.#socket || !['syncing', 'live'].includes(this.#status)) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** @param {string} type @param {object} data @returns {Promise<any>} rejects with a Problem */
  ask(type, data) {
    return this.#requests.ask((frame) => this.send(frame), type, data);
  }

  #connect() {
    this.#drop();
    const generation = this.#generation;
    /** @param {(event: any) => void} call */
    const current = (call) => (/** @type {any} */ event) => generation === this.#generation && call(event);
    this.#become('connecting');
    this.#opened = false;
    this.#span = null;
    this.#timers.after('hello', HELLO_MS, () => this.#closed(1006));
    const socket = this.#open();
    if (!socket) return this.#closed(1006);
    this.#socket = socket;
    socket.onopen = current(() => (this.#opened = true));
    socket.onmessage = current((event) => this.#hear(parse(event.data)));
    socket.onclose = current((event) => this.#closed(event.code));
  }

  /** Some policies make the constructor throw. */
  #open() {
    try {
      return new this.#env.WebSocket(this.#url);
    } catch {
      return null;
    }
  }

  /** @param {Frame|null} frame */
  #hear(frame) {
    this.#watch();
    if (!frame || frame.type === 'heartbeat') return;
    if (frame.ref !== undefined && (frame.type === 'reply' || frame.type === 'error')) return this.#requests.answer(frame);
    if (frame.type === 'hello') this.#greet(frame);
    if (frame.type === 'bye') this.#span = frame.retry_ms ?? null;
    this.#ears.onFrame(frame);
  }

  /** @param {Frame} hello */
  #greet(hello) {
    this.#timers.cancel('hello');
    this.#heartbeat = hello.heartbeat ?? this.#heartbeat;
    this.#failures = 0;
    this.#polling = false;
    this.#watch();
    this.#become('syncing');
  }

  #watch() {
    this.#timers.after('silence', this.#heartbeat * SILENCE * 1_000, () => this.#closed(1006));
  }

  /** @param {number} code */
  #closed(code) {
    this.#failures = this.#opened ? 0 : this.#failures + 1;
    const judged = verdict(code, this.#span);
    this.#drop();
    if (judged.then === 'stop') this.#become(judged.status);
    else if (judged.then === 'rest') this.#become('closed');
    else if (judged.then === 'ask') this.#ask(1_000 + this.#env.random() * 1_000);
    else if (this.#polling) this.#poll();
    else if (judged.then === 'pause') this.#wait(between(judged.range, this.#env.random()));
    else if (this.#failures && this.#failures % 2 === 0) this.#ask(0);
    else this.#wait(this.#backoff.next());
  }

  /** Who am I? Somebody else, or nobody: stop. @param {number} ms */
  #ask(ms) {
    const neverOpened = this.#failures > 0;
    const generation = this.#generation;
    this.#become('waiting');
    this.#timers.after('retry', ms, async () => {
      const identity = await this.#ears.whoAmI();
      if (generation !== this.#generation || FINAL.includes(this.#status)) return;
      if (identity === 'other') this.refuse();
      else if (identity === 'same' && neverOpened) this.#poll();
      else this.#wait(this.#backoff.next());
    });
  }

  #poll() {
    this.#polling = true;
    this.#become('polling');
    if (this.#visible) this.#timers.after('retry', between(POLLING_RETRY, this.#env.random()), () => this.#connect());
  }

  /** @param {number} ms */
  #wait(ms) {
    if (!this.#online) return this.#become('offline');
    this.#become('waiting', this.#env.now() + ms);
    if (this.#visible) this.#timers.after('retry', ms, () => this.#connect());
  }

  /** Let go of the socket and all its timers; whatever it still says is of an older generation. */
  #drop() {
    this.#generation++;
    const socket = this.#socket;
    this.#socket = null;
    this.#timers.cancelAll('hidden');
    this.#requests.abandon();
    try {
      socket?.close();
    } catch {
      // A socket that cannot be closed is no longer listened to; that is enough.
    }
  }

  /** @param {Status} status @param {number|null} [retryAt] */
  #become(status, retryAt = null) {
    if (this.#polling && (status === 'connecting' || status === 'waiting')) return;
    this.#status = status;
    this.#ears.onStatus(status, retryAt);
  }
}

/** @param {[number, number]} range @param {number} fraction */
function between([from, to], fraction) {
  return from + fraction * (to - from);
}
