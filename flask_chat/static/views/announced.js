/** Where others would write: what whoever got an announcement can do with it. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';

/** @import { Conversation, View } from '../types.js' */

/** @param {View} view @param {Conversation} conversation */
export function announced(view, conversation) {
  const { ui, t, act } = view;
  const to = ui.reply?.conversation === conversation.id ? ui.reply.to : null;
  return html`<div class="announced" part="composer">
    ${ui.problem ? html`<p class="notice danger" role="alert">${ui.problem}</p>` : nothing} ${confirming(view, conversation)}
    ${to
      ? html`<button class="secondary" ?disabled=${ui.busy} @click=${() => act.startDirect(to.id)}>${t('announcement.reply', { name: to.name })}</button>`
      : nothing}
  </div>`;
}

/** @param {View} view @param {Conversation} conversation */
function confirming({ ui, t, act }, conversation) {
  if (!conversation.announcement?.confirm) return nothing;
  if (conversation.confirmed) return html`<p class="hint done" role="status">${icons.check}${t('announcement.confirmed')}</p>`;
  return html`<button class="primary" ?disabled=${ui.busy} @click=${() => act.confirmReading()}>${t('announcement.confirm')}</button>`;
}
