/** What stands where there is nothing yet, nothing at all, or something went wrong. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';

/** @import { Translate } from '../i18n/translate.js' */

/** @param {unknown} icon @param {string} title @param {string} [hint] @param {unknown} [action] */
export function empty(icon, title, hint, action = nothing) {
  return html`<div class="empty" part="empty">
    <span class="empty-icon">${icon}</span>
    <p class="empty-title">${title}</p>
    ${hint ? html`<p class="empty-hint">${hint}</p>` : nothing} ${action}
  </div>`;
}

/** @param {Translate} t @param {string} text @param {() => void} retry */
export function failure(t, text, retry) {
  return html`<div class="empty" role="alert">
    <span class="empty-icon danger">${icons.alert}</span>
    <p class="empty-title">${text}</p>
    <button class="secondary" @click=${retry}>${t('retry')}</button>
  </div>`;
}

/** Grey shapes, after a moment; a quick answer never shows them. @param {Translate} t @param {'people'|'thread'} shape */
export function skeleton(t, shape) {
  const lines = [0, 1, 2, 3, 4];
  return html`<div class="skeleton ${shape}" aria-busy="true">
    <span class="vh">${t('loading')}</span>
    ${lines.map(() => html`<div class="bone-row"><span class="bone face"></span><span class="bones"><span class="bone"></span><span class="bone short"></span></span></div>`)}
  </div>`;
}
