/** The panel: draws the state into the shadow root, and minds focus, keys and what is on screen. */

import { nothing, render } from '../vendor/lit-html/lit-html.js';
import { calendar } from '../i18n/dates.js';
import { notesBehind } from '../state/offices.js';
import { conversationAbout, mayAnswer } from '../state/select.js';
import { actions } from './actions.js';
import { Announcer } from './announcer.js';
import { Focus } from './focus.js';
import { authorOf, problemText } from './names.js';
import { expectThread, panel } from './pages.js';
import { RecordNews } from './record-news.js';
import { Recovery } from './recovery.js';
import { Scrolling } from './scrolling.js';
import { Seen } from './seen.js';
import { panelSheets } from './styles/panel.js';
import { initialUi, nothingBegun } from './ui.js';
import { Viewport } from './viewport.js';

/**
 * @import { Client } from '../client.js'
 * @import { Address } from './address.js'
 * @import { Translate } from '../i18n/translate.js'
 * @import { Mode, Pin, Ui, View } from '../types.js'
 */

/**
 * @typedef {object} Home what the element lends
 * @property {ShadowRoot} shadow
 * @property {HTMLElement} root
 * @property {Client} client
 * @property {Translate} t
 * @property {Mode} mode
 * @property {Pin|null} pin the one conversation to show
 * @property {Partial<Ui>|null} before what an element that stood here before has shown
 * @property {boolean} addressed whether the page's address says which conversation is open
 * @property {() => void} onClose
 * @property {(event: string, detail: object) => void} tell the page around it
 */

export class Panel {
  /** @type {Ui} */
  #ui = initialUi();
  #place = document.createElement('div');
  #stopping = new AbortController();
  #frame = 0;
  #focus = new Focus(this.#place, this.#stopping.signal);
  #home;
  #dates;
  #act;
  #scroll;
  #seen;
  #announcer;
  #news;
  #recovery = new Recovery({ redraw: () => this.#schedule(), restored: (restored) => this.#set({ restored }) });
  #viewport;
  #address = /** @type {Address|null} */ (null);

  /** @param {Home} home */
  constructor(home) {
    this.#home = home;
    // What waited for an answer, or for a click elsewhere, went with the element before.
    this.#ui = { ...this.#ui, ...home.before, open: false, busy: false, confirm: null, menu: null, problem: null, deed: null };
    const { client, root, shadow, t } = home;
    for (const sheet of panelSheets) this.#adopt(sheet);
    this.#dates = calendar(t, Date.now);
    const log = document.createElement('div');
    log.className = 'vh';
    log.setAttribute('role', 'log');
    this.#place.className = 'place';
    root.append(this.#place, log);
    this.#seen = new Seen(() => this.#readable(), (seq) => client.dispatch({ type: 'read', conversation: this.#ui.conversation, seq }));
    this.#announcer = new Announcer(log, (message, state) => t('message.incoming', { name: authorOf(message, state, t), body: message.body }));
    this.#scroll = new Scrolling({
      me: client.getSnapshot().me.id,
      redraw: () => this.#schedule(),
      loadOlder: () => this.#loadOlder(),
      moved: () => (this.#seen.look(), this.#viewport.placeMenu()),
    });
    this.#act = actions({
      client,
      root,
      pin: home.pin,
      t,
      scroll: this.#scroll,
      ui: () => this.#ui,
      set: (patch) => this.#set(patch),
      close: () => home.onClose(),
      focus: (selector) => this.#focus.want(selector),
      attempt: (work) => this.#attempt(work),
    });
    this.#news = new RecordNews((detail) => home.tell('chat-record', detail));
    this.#viewport = new Viewport(root, () => this.#scroll.resized());
    this.#listen();
  }

  /** @param {boolean} focus whether a person has asked for it */
  open(focus) {
    if (focus) this.#focus.want(this.#ui.main === 'thread' ? 'textarea' : 'h2');
    if (this.#ui.open) return this.#schedule();
    this.#set({ open: true });
    this.#home.client.dispatch({ type: 'open' }).catch(() => {});
    if (this.#home.pin) this.#act.showPinned();
    if (!this.#home.addressed) return;
    import('./address.js').then(({ Address }) => (this.#address ??= new Address(this.#act, this.#stopping.signal)), () => {});
  }

  /** What is open here, for whoever comes in this one's place. */
  get standing() {
    return { ui: this.#ui, focused: this.#focus.within };
  }

  close() {
    this.#set({ open: false, ...nothingBegun() });
    this.#seen.stop();
  }

  /** @param {string} user the public id of somebody one may write to */
  openWith(user) {
    return this.#act.startDirect(user);
  }

  /** @param {string} conversation */
  openConversation(conversation) {
    this.#act.openConversation(conversation);
  }

  /** @param {{kind: string, id: string}} subject a record of the host's */
  openSubject(subject) {
    return this.#act.startSubject(subject);
  }

  /** @param {string} inbox the name of an office one may write to @param {string} [user] or write in the name of, to them */
  openInbox(inbox, user) {
    return this.#act.startInbox(inbox, user);
  }

  /** Leaves the page. */
  stop() {
    this.#stopping.abort();
    cancelAnimationFrame(this.#frame);
    this.#recovery.stop();
    this.#seen.stop();
    this.#announcer.stop();
    this.#viewport.stop();
  }

  #listen() {
    const { signal } = this.#stopping;
    const unsubscribe = this.#home.client.subscribe(() => this.#schedule());
    signal.addEventListener('abort', unsubscribe);
    this.#place.addEventListener('keydown', (event) => this.#key(event), { signal });
    this.#place.addEventListener('click', (event) => this.#outside(event), { signal });
    // A pointer over the list, or a key, comes some time before the choice.
    for (const sign of ['pointerover', 'keydown']) this.#place.addEventListener(sign, () => expectThread(this.#view()), { signal, once: true });
    document.addEventListener('visibilitychange', () => this.#seen.look(), { signal });
    // The page may scroll the messages into view.
    if (this.#home.mode !== 'floating') document.addEventListener('scroll', () => this.#seen.look(), { signal, capture: true, passive: true });
  }

  /** @param {Partial<Ui>} patch */
  #set(patch) {
    this.#ui = { ...this.#ui, ...patch };
    this.#schedule();
  }

  /** @param {() => Promise<any>} work */
  async #attempt(work) {
    this.#set({ busy: true, problem: null });
    try {
      await work();
      this.#set({ busy: false });
    } catch (problem) {
      this.#set({ busy: false, problem: problemText(problem, this.#home.t) });
    }
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const view = this.#view();
    const box = this.#box();
    this.#scroll.before(box);
    render(this.#ui.open ? panel(view) : nothing, this.#place);
    this.#scroll.after(this.#box());
    this.#viewport.follow(this.#place.querySelector('.panel'), this.#box(), this.#place.querySelector('textarea'));
    this.#focus.give();
    this.#recovery.follow(view);
    this.#keepThread(view);
    this.#address?.follow(this.#ui);
    this.#announcer.follow(view.state, this.#ui.open ? this.#ui.conversation : null);
    this.#news.follow(view.state, this.#ui.open ? this.#ui.conversation : null);
    this.#seen.look();
  }

  /**
   * A thread that is to be seen is loaded: access was lost and is back, everything was forgotten, or
   * somebody else has begun the conversation about a record. @param {View} view
   */
  #keepThread({ state, ui, pin }) {
    if (!ui.open || ui.main !== 'thread') return;
    const begun = pin && 'subject' in pin && !ui.conversation ? conversationAbout(state, pin.subject)?.id : null;
    const id = begun ?? ui.conversation ?? '';
    if (begun || (state.conversations[id] && !state.threads[id])) this.#act.look(id);
    if (mayAnswer(state, id) && ui.reply?.conversation !== id) this.#act.lookForReply(id);
    const notes = notesBehind(state, id);
    if (notes) this.#act.loadOlder(notes);
  }

  /** @returns {View} */
  #view() {
    const { client, mode, pin, t } = this.#home;
    const page = location.pathname + location.search;
    return { state: client.getSnapshot(), ui: this.#ui, now: Date.now(), t, dates: this.#dates, act: this.#act, scroll: this.#scroll, mode, pin, page, adopt: this.#adopt };
  }

  /** @param {CSSStyleSheet} sheet */
  #adopt = (sheet) => {
    const { shadow } = this.#home;
    if (!shadow.adoptedStyleSheets.includes(sheet)) shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  };

  #box() {
    return /** @type {HTMLElement|null} */ (this.#place.querySelector('.messages'));
  }

  /** The messages, while somebody can read them. */
  #readable() {
    const box = this.#ui.open && !this.#ui.confirm ? this.#box() : null;
    return box?.clientHeight ? box : null;
  }

  #loadOlder() {
    const thread = this.#home.client.getSnapshot().threads[this.#ui.conversation ?? ''];
    if (thread?.status === 'ready' && thread.more && thread.older === 'idle') this.#act.loadOlder();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation();
    if (event.key === 'Escape' && !event.isComposing) {
      if (this.#ui.confirm) this.#act.decide(false);
      else this.#act.close();
    } else if (event.key === 'Tab') this.#viewport.keepInside(event, this.#ui.confirm ? '.confirm' : '.panel', this.#ui.confirm !== null);
  }

  /** A click elsewhere closes the menu. @param {Event} event */
  #outside(event) {
    const target = /** @type {Element} */ (event.target);
    if (this.#ui.menu && !target.closest('.actions')) this.#set({ menu: null });
  }
}
