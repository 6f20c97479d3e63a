/**
 * A tab without a socket: hears through the channel what the leading tab hears, asks through it,
 * and finds out by asking whether the leader lives. Timers of hidden tabs are slowed down, messages
 * are not; so the answer counts, never a beat.
 */

import { Requests } from './requests.js';
import { Timers } from './timers.js';

/** @import { Environment, Frame, Status } from '../types.js' */
/** @import { Ears } from './socket.js' */

const ASK_MS = 800;
const ANSWER_MS = 1_500;
/** Who only flips through the tabs moves nothing. */
const SETTLE_MS = 150;
const GREETED = ['syncing', 'live'];

/**
 * @typedef {{from: string, say: string, [field: string]: any}} Note what tabs tell each other
 * @typedef {(say: string, more?: object) => boolean} Tell whether there is a channel to tell it over
 */

/**
 * @typedef {object} Known what other tabs need not ask the server for
 * @property {() => object} totals
 * @property {() => object|null} snapshot null where not everything is known
 */

export class Follower {
  /** @type {Status} */
  status = 'idle';
  /** @type {number|null} */
  #retryAt = null;
  /** Whom, since which greeting, and up to which frame. */
  #leader = { id: '', visible: true, round: 0, frames: 0 };
  #visible = true;
  #env;
  #ears;
  #tell;
  #seize;
  #timers;
  #requests;

  /**
   * @param {Environment} env
   * @param {Pick<Ears, 'onFrame'|'onStatus'>} ears
   * @param {Tell} tell
   * @param {() => void} seize take the lead
   */
  constructor(env, ears, tell, seize) {
    this.#env = env;
    this.#ears = ears;
    this.#tell = tell;
    this.#seize = seize;
    this.#timers = new Timers(env);
    this.#requests = new Requests(env);
  }

  /** @param {boolean} visible */
  begin(visible) {
    this.#leader.id = '';
    this.#become('connecting');
    this.setVisible(visible);
  }

  end() {
    this.status = 'idle';
    this.#timers.cancelAll();
    this.#requests.abandon();
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.#visible = visible;
    this.#timers.cancelAll();
    this.#ask();
    this.#reconsider();
  }

  /** What was missed has been loaded. */
  synced() {
    if (this.status === 'syncing') this.#become('live');
  }

  /** @param {object} frame @returns {boolean} whether it was handed on */
  send(frame) {
    return GREETED.includes(this.status) && this.#tell('send', { frame });
  }

  /** @param {string} type @param {object} data @returns {Promise<any>} rejects with a Problem */
  ask(type, data) {
    return this.#requests.ask((frame) => this.#tell('ask', { frame }), type, data);
  }

  /** @param {Note} note */
  read(note) {
    if (note.say === 'lead') this.#follow(note);
    else if (note.say === 'frame') this.#pass(note);
    else if (note.say === 'answer') this.#requests.answer(note.frame);
  }

  /** The leader says how it stands. @param {Note} lead */
  #follow({ from, visible, status, retryAt, hello, round, frames, totals }) {
    this.#timers.cancel('doubt');
    if (from !== this.#leader.id) {
      this.#leader = { id: from, visible, round: 0, frames };
      this.#tell('here'); // it passes on what it hears only where it knows of somebody
    }
    this.#leader.visible = visible;
    if (!GREETED.includes(status)) this.#wait(status, retryAt);
    else if (round !== this.#leader.round) this.#join(hello, round, frames);
    this.#ears.onFrame({ type: 'totals.counted', totals });
    this.#reconsider();
  }

  /** @param {Status} status @param {number|null} retryAt */
  #wait(status, retryAt) {
    this.#leader.round = 0;
    this.#requests.abandon();
    this.#become(status, retryAt);
  }

  /** @param {Frame} hello @param {number} round @param {number} frames */
  #join(hello, round, frames) {
    this.#requests.abandon();
    Object.assign(this.#leader, { round, frames });
    this.#become('syncing');
    this.#ears.onFrame(hello);
  }

  /** @param {Note} note */
  #pass({ from, frame, frames }) {
    if (from !== this.#leader.id || !this.#leader.round) return;
    // A page that was put to sleep may have missed some.
    if (frames !== this.#leader.frames + 1) this.#ears.onFrame({ type: 'resync', why: 'tabs' });
    this.#leader.frames = frames;
    this.#ears.onFrame(frame);
  }

  /** Does the leader live? Only who is looked at needs to know. */
  #ask() {
    this.#tell('who');
    if (!this.#visible) return;
    this.#timers.after('ask', ASK_MS, () => this.#ask());
    if (!this.#timers.has('doubt')) this.#timers.after('doubt', ANSWER_MS * (1 + this.#env.random() / 5), this.#seize);
  }

  /** Whom somebody looks at leads. */
  #reconsider() {
    if (!this.#visible || this.#leader.visible) this.#timers.cancel('settle');
    else if (!this.#timers.has('settle')) this.#timers.after('settle', SETTLE_MS * (1 + this.#env.random()), this.#seize);
  }

  /** @param {Status} status @param {number|null} [retryAt] */
  #become(status, retryAt = null) {
    if (this.status === status && this.#retryAt === retryAt) return;
    this.status = status;
    this.#retryAt = retryAt;
    this.#ears.onStatus(status, retryAt);
  }
}
