/**
 * `<flask-chat>`: attributes, lifecycle, shadow root; introduces the client to what is seen.
 *
 * Attributes: `boot` (what `GET /session` answers), `mode` (`floating` or `inline`), `theme`
 * (`auto`, `light`, `dark`), `lang` (else the page's). `connectedCallback` starts; `disconnectedCallback` stops it all.
 */

import { createChatClient } from './client.js';
import { english, languageOf, speak } from './i18n/languages.js';
import { directionOf } from './i18n/translate.js';
import { Launcher } from './views/launcher.js';
import { baseSheet } from './views/styles/base.js';
import { followTheme } from './views/theme.js';

/**
 * @import { Client } from './client.js'
 * @import { Choice } from './i18n/languages.js'
 * @import { Boot } from './types.js'
 * @import { Panel } from './views/panel.js'
 */

export class FlaskChat extends HTMLElement {
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
  #root = document.createElement('div');
  /** @type {Choice} */
  #language = { tag: 'en', own: 'en', over: null };
  #open = false;
  #failed = false;

  /** The chat without a face; null while the element is not in a page. */
  get client() {
    return this.#client;
  }

  get mode() {
    return this.getAttribute('mode') === 'inline' ? 'inline' : 'floating';
  }

  connectedCallback() {
    const boot = bootOf(this);
    if (!boot || this.#client) return;
    this.#stopping = new AbortController();
    this.#client = createChatClient(boot);
    this.#build(languageOf(this, boot.languages));
    this.#listen(this.#client, this.#stopping.signal);
    this.#client.setVisible(document.visibilityState === 'visible');
    this.#client.start();
    if (this.mode === 'inline') this.open();
  }

  disconnectedCallback() {
    this.#stopping?.abort();
    this.#panel?.stop();
    this.#client?.stop();
    this.#root.replaceChildren();
    this.#client = this.#panel = this.#arriving = this.#launcher = null;
    this.#open = false;
  }

  /** @returns {Promise<void>} */
  async open() {
    this.#open = true;
    this.#failed = false;
    this.#draw();
    const panel = await this.#furnish();
    if (this.#open) panel?.open();
    this.#draw();
  }

  close() {
    if (this.mode === 'inline') return;
    this.#open = false;
    this.#panel?.close();
    this.#draw();
    this.#launcher?.element.focus();
  }

  /** Opens the direct conversation with somebody. @param {string} user public id */
  async openWith(user) {
    await this.open();
    await this.#panel?.openWith(user);
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
    if (this.mode === 'inline') return;
    const launcher = (this.#launcher = new Launcher(english(), () => (this.#open ? this.close() : this.open())));
    this.#root.append(...launcher.nodes);
    speak(language, 'launcher').then((t) => launcher.speak(t), () => {});
    this.#draw();
  }

  /** @param {Client} client @param {AbortSignal} signal */
  #listen(client, signal) {
    followTheme(this, this.#root, signal);
    signal.addEventListener('abort', client.subscribe(() => this.#draw()));
    document.addEventListener('visibilitychange', () => client.setVisible(document.visibilityState === 'visible'), { signal });
    window.addEventListener('online', () => client.setOnline(true), { signal });
    window.addEventListener('offline', () => client.setOnline(false), { signal });
    window.addEventListener('pagehide', () => client.stop(), { signal });
    window.addEventListener('pageshow', (event) => event.persisted && client.start(), { signal });
  }

  #draw() {
    const unread = this.#client?.getSnapshot().totals.unread ?? 0;
    const busy = this.#open && !this.#panel;
    this.#root.classList.toggle('open', this.#open);
    this.#launcher?.draw({ open: this.#open, busy, unread, failed: this.#failed });
  }

  /** The panel is fetched at the first opening; a failure can be tried again. */
  async #furnish() {
    try {
      this.#arriving ??= this.#import();
      return await this.#arriving;
    } catch {
      this.#arriving = null;
      this.#open = false;
      this.#failed = true;
      return null;
    }
  }

  async #import() {
    const [{ Panel }, t] = await Promise.all([import('./views/panel.js'), speak(this.#language, 'panel')]);
    const client = /** @type {Client} */ (this.#client);
    const shadow = /** @type {ShadowRoot} */ (this.shadowRoot);
    this.#panel = new Panel({
      shadow,
      client,
      root: this.#root,
      t,
      mode: this.mode,
      onClose: () => this.close(),
    });
    return this.#panel;
  }
}

/** @param {HTMLElement} host @returns {Boot|null} */
function bootOf(host) {
  try {
    return JSON.parse(host.getAttribute('boot') ?? 'null');
  } catch {
    return null;
  }
}
