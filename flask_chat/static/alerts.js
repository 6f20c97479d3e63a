/**
 * Told while nobody looks: a notification, a sound, the number in the title; each only on request.
 *
 * The tab that leads decides. A tab that is looked at takes the lead, so a leader that nobody looks
 * at means that none is looked at. It says how much is unread, never what: a screen may be seen by
 * others.
 */

import { languageOf, speak } from './i18n/translate.js';
import { wishesOf } from './kept.js';

/**
 * @import { Client } from './client.js'
 * @import { Wishes } from './kept.js'
 */

/** Longer than a tab that is looked at needs to take the lead. */
const SURE_MS = 600;
const PAUSE_MS = 3_000;
const TAG = 'flask-chat';

/** @type {WeakSet<Client>} */
const watched = new WeakSet();

/** Once for a client, however often it is asked for. @param {Client} client @param {AbortSignal} signal */
export function alerts(client, signal) {
  if (!watched.has(client)) new Alerts(client, signal, browser());
  watched.add(client);
}

/**
 * @typedef {object} Page what it borrows; tests hand in their own
 * @property {() => boolean} hidden
 * @property {(user: string) => Wishes|null} wishesOf
 * @property {{title: string}} document
 * @property {(call: () => void, ms: number) => any} setTimeout
 * @property {() => number} now
 * @property {(unread: number) => void} notify
 * @property {() => void} withdraw
 * @property {() => void} ring
 * @property {(call: () => void, signal: AbortSignal) => void} onLook
 */

export class Alerts {
  #unread;
  #prefix = '';
  #waiting = false;
  #last = -Infinity;
  #client;
  #page;

  /** @param {Client} client @param {AbortSignal} signal @param {Page} page */
  constructor(client, signal, page) {
    this.#client = client;
    this.#page = page;
    this.#unread = client.getSnapshot().totals.unread;
    const end = client.subscribe(() => this.#follow());
    signal.addEventListener('abort', () => {
      end();
      this.#number(0);
    });
    page.onLook(() => this.#follow(), signal);
    this.#follow();
  }

  get #wishes() {
    return this.#page.wishesOf(this.#client.getSnapshot().me.id) ?? {};
  }

  /** Whether nobody looks, and it is for this tab to say something. */
  get #speaks() {
    return this.#client.leads && !this.#client.alone && this.#page.hidden();
  }

  #follow() {
    const { unread } = this.#client.getSnapshot().totals;
    this.#client.stayAwake(Object.values(this.#wishes).some(Boolean));
    const more = unread > this.#unread;
    this.#unread = unread;
    this.#number(this.#speaks && this.#wishes.number ? unread : 0);
    if (!this.#page.hidden() || !unread) this.#page.withdraw();
    if (more && this.#page.hidden() && !this.#waiting) this.#soon();
  }

  #soon() {
    this.#waiting = true;
    const pause = Math.max(SURE_MS, this.#last + PAUSE_MS - this.#page.now());
    this.#page.setTimeout(() => this.#tell(), pause);
  }

  #tell() {
    this.#waiting = false;
    if (!this.#speaks || !this.#unread) return;
    this.#last = this.#page.now();
    if (this.#wishes.desktop) this.#page.notify(this.#unread);
    if (this.#wishes.sound) this.#page.ring();
  }

  /** Before the page's own title, which the page may change meanwhile. @param {number} unread */
  #number(unread) {
    const { document } = this.#page;
    const prefix = unread ? `(${unread > 99 ? '99+' : unread}) ` : '';
    if (prefix === this.#prefix && document.title.startsWith(prefix)) return;
    const own = document.title.startsWith(this.#prefix) ? document.title.slice(this.#prefix.length) : document.title;
    document.title = prefix + own;
    this.#prefix = prefix;
  }
}

/** @returns {Page} */
function browser() {
  /** @type {Notification|null} */
  let shown = null;
  const spoken = speak(languageOf(document.documentElement), 'launcher');
  return {
    wishesOf,
    document,
    hidden: () => document.visibilityState !== 'visible',
    setTimeout: window.setTimeout.bind(window),
    now: Date.now,
    ring,
    withdraw: () => shown?.close(),
    onLook: (call, signal) => document.addEventListener('visibilitychange', call, { signal }),
    async notify(count) {
      if (!('Notification' in window) || Notification.permission !== 'granted') return;
      const t = await spoken;
      // The tag replaces the one before, from whichever tab that came.
      shown = new Notification(document.title, { body: t('launcher.unread', { count }), tag: TAG, silent: true });
      shown.onclick = () => {
        window.focus();
        /** @type {any} */ (document.querySelector('flask-chat'))?.open?.();
      };
    },
  };
}

/** Two soft notes, made here: nothing is fetched. A browser that nobody has touched yet stays silent. */
function ring() {
  const context = new AudioContext();
  for (const [hertz, at] of [[660, 0], [880, 0.14]]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    const begin = context.currentTime + at;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.12, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.35);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + 0.4);
  }
  setTimeout(() => context.close(), 1_000);
}
