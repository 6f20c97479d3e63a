/**
 * `<flask-chat-badge>`: how many messages are unread, anywhere on the page. Follows the page's one
 * client; the attribute `unread` holds the number while there is one, for the page's own styles.
 */

import { english, languageOf, speak } from './i18n/translate.js';
import { bootOf, pageClient } from './page-client.js';
import { badgeSheet } from './views/styles/base.js';
import { followTheme } from './views/surroundings.js';

/**
 * @import { Client } from './client.js'
 * @import { Translate } from './i18n/translate.js'
 * @import { Boot } from './types.js'
 */

export class FlaskChatBadge extends HTMLElement {
  /** @type {AbortController|null} */
  #stopping = null;
  /** @type {(() => void)|null} */
  #unsubscribe = null;
  /** @type {any} */
  #counting = null;
  #t = english();
  #unread = 0;
  #number = document.createElement('span');
  #words = document.createElement('span');

  connectedCallback() {
    if (this.#stopping) return;
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.#build(signal);
    signal.addEventListener('abort', pageClient.join((client, boot) => this.#follow(client, boot), bootOf(this)));
    signal.addEventListener('abort', () => this.#unsubscribe?.());
  }

  disconnectedCallback() {
    this.#stopping?.abort();
    this.#stopping = null;
  }

  /** @param {AbortSignal} signal */
  #build(signal) {
    const root = document.createElement('span');
    root.className = 'root';
    this.#number.className = 'badge';
    this.#number.setAttribute('part', 'badge');
    this.#number.setAttribute('aria-hidden', 'true');
    this.#words.className = 'vh';
    root.append(this.#number, this.#words);
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [badgeSheet];
    shadow.replaceChildren(root);
    followTheme(this, root, signal);
    this.#draw(0);
  }

  /** @param {Client} client @param {Boot} boot */
  #follow(client, boot) {
    this.#unsubscribe?.();
    const count = () => this.#draw(client.getSnapshot().totals.unread);
    // Once for a burst.
    this.#unsubscribe = client.subscribe(() => (this.#counting ??= setTimeout(() => ((this.#counting = null), count()))));
    count();
    speak(languageOf(this, boot.languages), 'launcher').then((t) => this.#speak(t), () => {});
  }

  /** @param {Translate} t */
  #speak(t) {
    this.#t = t;
    this.#draw(this.#unread);
  }

  /** @param {number} unread */
  #draw(unread) {
    this.#unread = unread;
    this.#number.hidden = this.#words.hidden = !unread;
    this.#number.textContent = unread > 99 ? '99+' : String(unread);
    this.#words.textContent = unread ? this.#t('badge.unread', { count: unread }) : '';
    if (!unread) this.removeAttribute('unread');
    else if (this.getAttribute('unread') !== String(unread)) this.setAttribute('unread', String(unread));
  }
}
