/** A question before what cannot be undone. */

import { html } from '../vendor/lit-html/lit-html.js';

/** @import { View } from '../types.js' */

/**
 * @param {View} view
 * @param {{title: string, hint: string, action: string}} question
 */
export function confirmation({ t, act }, { title, hint, action }) {
  return html`<div class="veil">
    <div class="confirm" role="alertdialog" aria-modal="true" aria-labelledby="confirm-title" aria-describedby="confirm-hint">
      <p id="confirm-title" class="empty-title">${title}</p>
      <p id="confirm-hint" class="empty-hint">${hint}</p>
      <div class="confirm-buttons">
        <button class="secondary" @click=${() => act.decide(false)}>${t('cancel')}</button>
        <button class="primary danger" @click=${() => act.decide(true)}>${action}</button>
      </div>
    </div>
  </div>`;
}
