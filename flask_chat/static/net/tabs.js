/**
 * One socket for all tabs of a browser that show the same person.
 *
 *     leading    this tab holds the lock and the socket, and passes on what it hears
 *     following  another tab does (follower.js)
 *     alone      there are no locks (plain http), or nothing to share by: a socket of its own
 *
 * A tab that is looked at takes the lead from one that is not. To its client a tab that follows
 * looks like one with a socket: it is greeted, catches up, and hears every frame from then on.
 */

import { Claim, Others, Watching } from './lead.js';
import { Follower } from './follower.js';
import { ChatSocket } from './socket.js';

/**
 * @import { Environment, Frame, Status } from '../types.js'
 * @import { Known, Note } from './follower.js'
 * @import { Ears } from './socket.js'
 */

/** Tabs with another version of these notes share among themselves. */
const VERSION = 2;

export class SharedSocket {
  /** @type {'idle'|'alone'|'leading'|'following'} */
  #role = 'idle';
  #visible = true;
  #awake = true;
  /** @type {BroadcastChannel|null} */
  #channel = null;
  /** @type {Claim|null} */
  #claim = null;
  /** @type {number|null} */
  #retryAt = null;
  /** The newest lead there has been: who wakes up from an older one is not believed any more. */
  #term = 0;
  /** What the others are greeted with, which greeting it is, and how many frames came since. */
  #greeting = { hello: /** @type {Frame|null} */ (null), round: 0, frames: 0 };
  #watching = new Watching();
  #id;
  #name;
  #env;
  #ears;
  #socket;
  #follower;
  #others;

  /**
   * @param {{url: string, heartbeat: number, tabs?: string}} address `tabs`: equal for all that may share
   * @param {Environment} env
   * @param {Ears & Known} ears
   */
  constructor({ url, heartbeat, tabs }, env, ears) {
    this.#name = tabs && env.locks && env.channel ? `flask-chat:${VERSION}:${tabs}` : '';
    this.#id = this.#name && env.token();
    this.#env = env;
    this.#ears = ears;
    this.#others = new Others(env);
    this.#socket = new ChatSocket({ url, heartbeat }, env, {
      onFrame: (frame) => this.#hear(frame),
      onStatus: (status, retryAt) => this.#move(status, retryAt),
      whoAmI: ears.whoAmI,
    });
    this.#follower = new Follower(env, ears, (say, more) => this.#tell(say, more), () => this.#claim?.seize());
  }

  get status() {
    return this.#line.status;
  }

  /** Whether another tab holds the socket. */
  get follows() {
    return this.#role === 'following';
  }

  /** Whether it cannot be known which other tabs there are. */
  get alone() {
    return !this.#name || this.#role === 'alone';
  }

  start() {
    if (this.#role !== 'idle' || this.#socket.status === 'unauthorised') return;
    if (!this.#name) return this.#begin('alone');
    this.#channel = /** @type {(name: string) => BroadcastChannel} */ (this.#env.channel)(this.#name);
    this.#channel.onmessage = ({ data }) => this.#read(data);
    this.#claim = new Claim(/** @type {LockManager} */ (this.#env.locks), this.#name, {
      onHeld: () => (this.#term++, this.#begin('leading')),
      onLost: () => this.#follow(),
      onRefused: () => (this.#leave(), this.#begin('alone')),
    });
    this.#follow();
  }

  /** The page goes away, or the element leaves it. */
  stop() {
    this.#leave();
    this.#socket.stop();
  }

  /** Nobody is signed in any more: no further attempts, in no tab. */
  refuse() {
    this.#tell('refused');
    this.#end();
  }

  /** @param {boolean} [asked] whether a person did */
  retryNow(asked = false) {
    if (this.follows) this.#tell('retry');
    else this.#socket.retryNow(asked);
  }

  /** What was missed has been loaded. */
  synced() {
    this.#line.synced();
  }

  /** @param {boolean} visible @param {boolean} [awake] whether to stay connected all the same */
  setVisible(visible, awake = visible) {
    this.#visible = visible;
    this.#awake = awake;
    if (this.#role === 'idle') return;
    this.#line.setVisible(this.follows ? visible : awake);
    this.announce();
  }

  /** @param {boolean} online */
  setOnline(online) {
    this.#socket.setOnline(online);
  }

  /** Another number is unread. */
  count() {
    this.#others.tell(() => this.announce());
  }

  /** How things stand here, to all who follow. */
  announce() {
    if (this.#role !== 'leading') return;
    const { status } = this.#socket;
    this.#tell('lead', { term: this.#term, visible: this.#visible, status, retryAt: this.#retryAt, ...this.#greeting, totals: this.#ears.totals() });
  }

  /** @param {object} frame @returns {boolean} whether it was handed on */
  send(frame) {
    return this.#line.send(this.follows ? frame : this.#watching.merged(this.#id, frame));
  }

  /** @param {string} type @param {object} data @returns {Promise<any>} rejects with a Problem */
  ask(type, data) {
    return this.#line.ask(type, data);
  }

  /** What the leader has loaded already; null where there is none, or not all of it. @returns {Promise<any>} */
  async snapshot() {
    return this.follows ? this.ask('tabs.snapshot', {}).catch(() => null) : null;
  }

  /** Who speaks for this tab. */
  get #line() {
    return this.follows ? this.#follower : this.#socket;
  }

  /** @param {'alone'|'leading'} role */
  #begin(role) {
    this.#role = role;
    this.#follower.end();
    this.#socket.setVisible(this.#awake);
    if (this.#socket.status === 'idle') this.#socket.start();
    this.announce();
  }

  /** At the start, and when another tab has taken the lead. */
  #follow() {
    this.#role = 'following';
    this.#socket.stop();
    this.#follower.begin(this.#visible);
    this.#claim?.queue();
  }

  #end() {
    this.#leave();
    this.#socket.refuse();
  }

  /** Out of the circle. */
  #leave() {
    this.#tell('left');
    this.#role = 'idle';
    this.#others.forget();
    this.#claim?.drop();
    this.#follower.end();
    this.#channel?.close();
    this.#channel = null;
  }

  /** What one's own socket hears. @param {Frame} frame */
  #hear(frame) {
    if (frame.type === 'hello') {
      this.#greeting = { hello: { ...frame, at: this.#env.now() }, round: this.#greeting.round + 1, frames: 0 };
      this.announce();
    } else if (this.#role === 'leading') {
      // Counted even where nobody hears it: who comes later is told how many there were.
      this.#greeting.frames++;
      if (this.#others.any) this.#tell('frame', { frame, frames: this.#greeting.frames });
    }
    this.#ears.onFrame(frame);
  }

  /** How one's own socket stands. @param {Status} status @param {number|null} retryAt */
  #move(status, retryAt) {
    if (this.follows) return;
    this.#retryAt = retryAt;
    if (status === 'unauthorised') {
      this.#tell('refused');
      this.#leave();
    }
    this.#ears.onStatus(status, retryAt);
    // The greeting comes at once, and says it.
    if (status !== 'syncing') this.announce();
  }

  /** @param {Note} note of another tab */
  #read(note) {
    this.#others.hear(note);
    if (note.say === 'refused') return this.#end();
    if ((note.to && note.to !== this.#id) || note.term < this.#term) return;
    if (note.term > this.#term && this.#role === 'leading') this.#follow();
    this.#term = note.term ?? this.#term;
    if (this.follows) this.#follower.read(note);
    else this.#serve(note);
  }

  /** As leader. @param {Note} note */
  #serve({ say, from, frame }) {
    if (say === 'who') this.announce();
    else if (say === 'send') this.#socket.send(this.#watching.merged(from, frame));
    else if (say === 'ask') this.#relay(from, frame);
    else if (say === 'retry') this.#socket.retryNow(true);
    else if (say === 'left') this.#watching.forget(from);
  }

  /** @param {string} to @param {Frame} frame with the ref of the tab that asks */
  async #relay(to, { type, ref, data }) {
    const work = type === 'tabs.snapshot' ? Promise.resolve(this.#ears.snapshot()) : this.#socket.ask(type, data);
    const frame = await work.then(
      (answer) => ({ type: 'reply', ref, data: answer }),
      ({ code, message, retryAfter }) => ({ type: 'error', ref, code, detail: message, retry_after: retryAfter }),
    );
    this.#tell('answer', { to, frame });
  }

  /** @param {string} say @param {object} [more] */
  #tell(say, more) {
    this.#channel?.postMessage({ from: this.#id, say, ...more });
    return this.#channel !== null;
  }
}
