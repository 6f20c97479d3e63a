/**
 * `<flask-chat>`: attributes, lifecycle, shadow root; introduces the page's client to what is seen.
 *
 * Attributes: `boot` (what `GET /session` answers; one element of a page is enough), `mode`
 * (`floating` or `inline`), `conversation` or `subject` (one thread and nothing else), `theme`
 * (`auto`, `light`, `dark`), `lang` (else the page's), `address` (the open conversation stands in the
 * page's). `connectedCallback` starts; `disconnectedCallback` stops it all.
 *
 * Events, which bubble: `chat-open`, `chat-close`, `chat-unread` with the number in `detail.unread`,
 * `chat-record` with `detail.subject`, the record that may have changed.
 */

import { directionOf, english, languageOf, speak } from './i18n/translate.js';
import { bootOf, pageClient, pinOf, subjectOf } from './page-client.js';
import { Launcher } from './views/launcher.js';
import { baseSheet } from './views/styles/base.js';
import { followTheme, riseAbove } from './views/surroundings.js';

/**
 * @import { Client } from './client.js'
 * @import { Choice } from './i18n/translate.js'
 * @import { Standing } from './page-client.js'
 * @import { Boot, Mode, Ui } from './types.js'
 * @import { Panel } from './views/panel.js'
 */

/** Where there is no button to press again. */
const RETRY_MS = 5_000;

export class FlaskChat extends HTMLElement {
  static observedAttributes = ['boot', 'mode', 'conversation', 'subject'];

  /** @type {(() => void)|null} leaves the page's client */
  #leave = null;
  /** @type {AbortController|null} */
  #stopping = null;
  /** @type {Client|null} */
  #client = null;
  /** @type {Promise<Panel>|null} */
  #arriving = null;
  /** @type {Panel|null} */
  #panel = null;
  /** @type {Launcher|null} */
  #launcher = null;
  /** @type {any} */
  #retry = null;
  #root = document.createElement('div');
  /** @type {Choice} */
  #language = { tag: 'en', own: 'en', over: null };
  #unread = 0;
  #open = false;
  #failed = false;
  /** @type {Partial<Ui>|null} what an element that stood here before has shown */
  #before = null;

  /** The chat without a face; null until an element of the page has brought its boot data. */
  get client() {
    return this.#client;
  }

  /** @returns {Mode} */
  get mode() {
    if (pinOf(this)) return 'pinned';
    return this.getAttribute('mode') === 'inline' ? 'inline' : 'floating';
  }

  /** Whether there is anything to see beside the launcher. */
  get isOpen() {
    return this.#open;
  }

  /** How many messages are unread, in all conversations. */
  get unread() {
    return this.#unread;
  }

  connectedCallback() {
    if (this.#leave) return;
    this.#leave = pageClient.join((client, boot) => this.#begin(client, boot), bootOf(this));
  }

  disconnectedCallback() {
    if (this.#open && this.#panel) pageClient.remember(this.#place, this.#panel.standing);
    this.#leave?.();
    this.#leave = null;
    this.#end();
  }

  /** @param {string} name @param {string|null} before @param {string|null} now */
  attributeChangedCallback(name, before, now) {
    if (!this.#leave || before === now) return;
    this.#leave();
    if (name !== 'boot') this.#end();
    this.#leave = pageClient.join((client, boot) => this.#begin(client, boot), bootOf(this));
  }

  /** @returns {Promise<void>} */
  open() {
    return this.#show(true);
  }

  close() {
    if (this.mode !== 'floating' || !this.#open) return;
    this.#open = false;
    this.#panel?.close();
    this.#draw();
    this.#launcher?.element.focus();
    this.#tell('chat-close');
  }

  /** Opens the direct conversation with somebody. @param {string} user public id */
  async openWith(user) {
    const panel = await this.#free();
    await panel?.openWith(user);
  }

  /** @param {string} conversation its id */
  async openConversation(conversation) {
    const panel = await this.#free();
    panel?.openConversation(conversation);
  }

  /** Opens the conversation of a record of the host's. @param {string} subject `application:17` */
  async openSubject(subject) {
    const panel = await this.#free();
    await panel?.openSubject(subjectOf(subject));
  }

  /** Whoever has the same stands in the same place of a page that was swapped. */
  get #place() {
    return ['mode', 'conversation', 'subject'].map((name) => this.getAttribute(name)).join(' ');
  }

  /** The open panel, where it may show whatever it is asked to. */
  async #free() {
    if (this.mode === 'pinned') throw new Error('This element shows one conversation only.');
    await this.open();
    return this.#panel;
  }

  /** @param {Client} client @param {Boot} boot */
  #begin(client, boot) {
    if (client === this.#client) return;
    this.#end();
    this.#client = client;
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.#build(languageOf(this, boot.languages));
    followTheme(this, this.#root, signal);
    signal.addEventListener('abort', client.subscribe(() => this.#draw()));
    // Nobody has asked for it, so nobody's focus is moved.
    if (!pageClient.inherit(this.#place, (left) => this.#resume(left)) && this.mode !== 'floating') this.#show(false);
  }

  /** As the element stood that was here before; who was in it, is in it again. @param {Standing} left */
  #resume({ ui, focused }) {
    if (!this.isConnected || this.#panel) return false;
    this.#before = ui;
    this.#show(focused && document.activeElement === document.body);
    return true;
  }

  #end() {
    clearTimeout(this.#retry);
    this.#stopping?.abort();
    this.#panel?.stop();
    this.#root.replaceChildren();
    this.#client = this.#panel = this.#arriving = this.#launcher = this.#before = null;
    this.#open = this.#failed = false;
  }

  /** Opens one's conversation with an office; for who works there, the office's with somebody. @param {string} inbox its name @param {string} [user] their public id */
  async openInbox(inbox, user) {
    const panel = await this.#free();
    await panel?.openInbox(inbox, user);
  }

  /** @param {Choice} language */
  #build(language) {
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [baseSheet];
    this.#language = language;
    this.#root.className = `root ${this.mode}`;
    this.#root.lang = language.tag;
    this.#root.dir = directionOf(language.tag);
    shadow.append(this.#root);
    const launcher = (this.#launcher = new Launcher(english(), () => (this.#open ? this.close() : this.open())));
    this.#root.append(...(this.mode === 'floating' ? launcher.nodes : [launcher.note]));
    speak(language, 'launcher').then((t) => launcher.speak(t), () => {});
    if (this.mode === 'floating') riseAbove(this, this.#root);
    this.#draw();
  }

  /** @param {boolean} focus whether a person has asked for it @returns {Promise<void>} */
  async #show(focus) {
    const before = this.#open;
    this.#open = true;
    this.#failed = false;
    this.#draw();
    if (this.mode === 'floating') riseAbove(this, this.#root);
    const panel = await this.#furnish();
    if (this.#open) panel?.open(focus);
    this.#draw();
    if (panel && this.#open && !before) this.#tell('chat-open');
  }

  #draw() {
    const unread = this.#client?.getSnapshot().totals.unread ?? 0;
    const busy = this.#open && !this.#panel;
    if (this.#root.classList.contains('open') !== this.#open) this.#root.classList.toggle('open', this.#open);
    this.#launcher?.draw({ open: this.#open, busy, unread, failed: this.#failed });
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#tell('chat-unread', { unread });
  }

  /** @param {string} event @param {object} [detail] */
  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { bubbles: true, composed: true, detail }));
  }

  /** The panel is fetched at the first opening; a failure can be tried again. */
  async #furnish() {
    const client = this.#client;
    try {
      this.#arriving ??= this.#import();
      const panel = await this.#arriving;
      return client === this.#client ? panel : null;
    } catch {
      if (client !== this.#client) return null;
      this.#arriving = null;
      this.#open = false;
      this.#failed = true;
      if (this.mode !== 'floating') this.#retry = setTimeout(() => this.#show(false), RETRY_MS);
      return null;
    }
  }

  async #import() {
    const client = /** @type {Client} */ (this.#client);
    const { signal } = /** @type {AbortController} */ (this.#stopping);
    const [{ Panel }, t] = await Promise.all([import('./views/panel.js'), speak(this.#language, 'panel')]);
    // Gone from the page meanwhile: whoever waits for it is told so by #furnish.
    if (signal.aborted) throw new Error('The element has left the page.');
    this.#panel = new Panel({
      shadow: /** @type {ShadowRoot} */ (this.shadowRoot),
      client,
      root: this.#root,
      t,
      mode: this.mode,
      pin: pinOf(this),
      before: this.#before,
      addressed: this.hasAttribute('address'),
      onClose: () => this.close(),
      tell: (event, detail) => this.#tell(event, detail),
    });
    return this.#panel;
  }
}
