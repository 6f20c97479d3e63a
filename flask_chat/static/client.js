/**
 * The chat without a face: `createChatClient(boot)` with `subscribe / getSnapshot / dispatch`.
 *
 * Closed, it needs one socket and one small question for the totals. What an open chat needs is
 * imported at the first opening, or when several messages arrive.
 */

import { browserEnvironment } from './page.js';
import { Api } from './net/api.js';
import { SharedSocket } from './net/tabs.js';
import { Timers } from './net/timers.js';
import { applyConnection, initialState } from './state/connection.js';
import { removeOthersWords } from './kept.js';

/**
 * @import { Desk } from './client/desk.js'
 * @import { Action, Boot, Environment, Frame, State, StateEvent, Status } from './types.js'
 */

const POLL_OPEN_MS = 5_000;
const POLL_CLOSED_MS = 30_000;
/** About so long after what has arrived: everybody else in a conversation hears of it, too. */
const COUNT_MS = 500;
/** A page that hears more than this while it is closed had better keep count itself. */
const COUNTS_MAX = 3;
/** Nobody looks, so nobody misses them. */
const DROPPABLE = ['typing', 'presence', 'read.updated'];

/** @param {Boot} boot as `GET /session` gives it @param {Environment} [env] */
export function createChatClient(boot, env = browserEnvironment()) {
  return new ChatClient(boot, env);
}

class ChatClient {
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {(state: State, event: StateEvent) => State} */
  #reduce = applyConnection;
  /** @type {Desk|null} */
  #desk = null;
  /** @type {Promise<Desk>|null} */
  #arriving = null;
  /** @type {Frame[]} heard before the desk was there */
  #early = [];
  #counts = 0;
  #started = false;
  #visible = true;
  #awake = false;
  #state;
  #boot;
  #env;
  #api;
  #socket;
  #timers;

  /** @param {Boot} boot @param {Environment} env */
  constructor(boot, env) {
    this.#boot = boot;
    this.#env = env;
    this.#state = initialState(boot);
    this.#timers = new Timers(env);
    removeOthersWords(env.storage, boot.user.id);
    this.#api = new Api(boot, env, () => this.#socket.refuse());
    this.#socket = new SharedSocket({ url: socketUrl(boot, env), heartbeat: boot.heartbeat ?? 25, tabs: boot.tabs }, env, {
      onFrame: (frame) => this.#hear(frame),
      onStatus: (status, retryAt) => this.#follow(status, retryAt),
      whoAmI: () => this.#whoAmI(),
      totals: () => this.#state.totals,
      snapshot: () => this.#desk?.snapshot() ?? null,
    });
  }

  /** @param {() => void} listener @returns {() => void} ends it */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @returns {State} */
  getSnapshot = () => this.#state;

  /**
   * Something a person did.
   * @param {Action} action
   * @returns {Promise<any>} what came of it; rejects with a Problem
   */
  dispatch = async (action) => {
    if (action.type === 'connection.retry') return this.#socket.retryNow(true);
    const desk = this.#desk ?? (await this.#load());
    return desk.perform(action);
  };

  /** Whether this tab holds the socket, for itself or for all. */
  get leads() {
    return !this.#socket.follows;
  }

  /** Whether no other tab is known of: there may be some all the same. */
  get alone() {
    return this.#socket.alone;
  }

  start() {
    this.#started = true;
    this.#look();
    this.#socket.start();
  }

  stop() {
    this.#started = false;
    this.#timers.cancelAll();
    this.#desk?.stop();
    this.#socket.stop();
  }

  /** @param {boolean} visible whether somebody can see the page */
  setVisible(visible) {
    this.#visible = visible;
    if (!this.#started) return;
    this.#look();
    if (visible && this.#state.connection.status === 'polling') this.#poll();
  }

  /** @param {boolean} awake whether somebody wants to hear of messages while nobody looks */
  stayAwake(awake) {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (this.#started) this.#look();
  }

  /** @param {boolean} online */
  setOnline(online) {
    if (this.#started) this.#socket.setOnline(online);
  }

  #look() {
    this.#socket.setVisible(this.#visible, this.#visible || (this.#awake && !this.alone));
  }

  /** @param {StateEvent} event */
  #change = (event) => {
    const next = this.#reduce(this.#state, event);
    if (next === this.#state) return;
    const counted = next.totals !== this.#state.totals;
    this.#state = next;
    if (counted) this.#socket.count();
    for (const listener of [...this.#listeners]) listener();
  };

  /** @param {Frame} frame */
  #hear(frame) {
    if (frame.type === 'hello') {
      this.#change({ at: this.#env.now(), ...frame });
      this.#catchUp(frame.epoch);
    } else if (frame.type === 'bye') this.#change(frame);
    else if (frame.type === 'totals.counted') this.#believe(frame.totals);
    else if (frame.type === 'error') return;
    else if (this.#desk) this.#desk.hear(frame);
    else if (!this.#socket.follows && !DROPPABLE.includes(frame.type)) this.#notice(frame);
  }

  /** Closed, the tab that leads counts for all. @param {State['totals']} totals */
  #believe(totals) {
    const { unread, conversations } = this.#state.totals;
    if (this.#desk || (totals.unread === unread && totals.conversations === conversations)) return;
    this.#change({ type: 'totals.counted', totals });
  }

  /**
   * Something durable arrived while closed: the server is asked, once for a burst; where that happens
   * again and again, all is loaded, and the counting is done here. @param {Frame} frame
   */
  #notice(frame) {
    if (this.#counts >= COUNTS_MAX) {
      this.#early.push(frame);
      this.#load().catch(() => this.#count());
    } else if (!this.#timers.has('count')) {
      this.#counts++;
      this.#timers.after('count', COUNT_MS * (0.2 + 1.8 * this.#env.random()), () => this.#count());
    }
  }

  /** The socket is open and buffers: now load what was missed. @param {string} [epoch] */
  async #catchUp(epoch) {
    if (this.#desk) await this.#desk.catchUp(epoch);
    else await this.#count();
    this.#socket.synced();
  }

  async #count() {
    if (this.#socket.follows) return;
    try {
      const { totals } = await this.#api.get('/sync?totals=1');
      if (!this.#desk) this.#change({ type: 'totals.counted', totals });
    } catch {
      // The badge keeps its number; the next hello asks again.
    }
  }

  /** @param {Status} status @param {number|null} retryAt */
  #follow(status, retryAt) {
    this.#change({ type: 'connection.changed', status, retryAt });
    if (status === 'polling') this.#poll();
    else this.#timers.cancel('poll');
    this.#desk?.follow(status);
  }

  /** No socket can be had: ask, and ask again. */
  async #poll() {
    if (!this.#visible) return;
    this.#timers.after('poll', this.#desk ? POLL_OPEN_MS : POLL_CLOSED_MS, () => this.#poll());
    if (this.#desk) await this.#desk.catchUp();
    else await this.#count();
  }

  /** @returns {Promise<'same'|'other'|'unknown'>} */
  async #whoAmI() {
    try {
      const session = await this.#api.session();
      removeOthersWords(this.#env.storage, session.user.id);
      return session.user.id === this.#boot.user.id ? 'same' : 'other';
    } catch (problem) {
      return /** @type {any} */ (problem).status === 401 ? 'other' : 'unknown';
    }
  }

  #load() {
    this.#arriving ??= this.#furnish().catch((problem) => {
      this.#arriving = null;
      throw problem;
    });
    return this.#arriving;
  }

  async #furnish() {
    const [{ Desk }, { apply }] = await Promise.all([import('./client/desk.js'), import('./state/apply.js')]);
    this.#timers.cancel('count');
    this.#reduce = apply;
    this.#desk = new Desk({
      env: this.#env,
      boot: this.#boot,
      api: this.#api,
      socket: this.#socket,
      state: this.getSnapshot,
      change: this.#change,
    });
    for (const frame of this.#early.splice(0)) this.#desk.hear(frame);
    if (this.#state.connection.status === 'polling') this.#poll();
    else this.#desk.catchUp();
    return this.#desk;
  }
}

/** @typedef {InstanceType<typeof ChatClient>} Client */

/** @param {Boot} boot @param {Environment} env */
function socketUrl(boot, env) {
  return new URL(boot.ws, env.origin).href.replace(/^http/, 'ws');
}
