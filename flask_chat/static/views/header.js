/** The head of a column: back, title, what else one can do, close. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';

/** @import { View } from '../types.js' */

/**
 * @param {View} view
 * @param {{title: unknown, subtitle?: unknown, face?: unknown, back?: (() => void)|null, narrowBack?: boolean, buttons?: unknown}} head
 *   `narrowBack`: only where there is one column
 */
export function header(view, { title, subtitle = nothing, face = nothing, back = null, narrowBack = false, buttons = nothing }) {
  const { t } = view;
  return html`<div class="header" part="header">
    ${back ? iconButton(t('back'), icons.back, back, narrowBack ? 'narrow-only' : '') : nothing} ${face}
    <div class="titles">
      <h2 tabindex="-1" dir="auto">${title}</h2>
      ${subtitle}
    </div>
    ${buttons} ${closeButton(view)}
  </div>`;
}

/** @param {string} name @param {unknown} icon @param {(event: Event) => void} act @param {string} [extra] class */
export function iconButton(name, icon, act, extra = '') {
  return html`<button class="icon-button ${extra}" title=${name} aria-label=${name} @click=${act}>${icon}</button>`;
}

/** @param {View} view */
function closeButton({ mode, t, act }) {
  return mode === 'floating' ? iconButton(t('close'), icons.close, () => act.close()) : nothing;
}
