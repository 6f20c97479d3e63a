/** The host's record that a conversation is about: how it stands, and the way to it. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';

/** @import { Conversation, View } from '../types.js' */

/** Below the head of the thread; on the record's own page it would repeat the page. @param {View} view @param {Conversation} conversation */
export function recordBar({ t, mode }, { subject }) {
  if (!subject || mode === 'pinned' || !(subject.link || subject.details.length)) return nothing;
  const link = html`<a class="record-link" href=${subject.link ?? ''}>${t('thread.record', { name: subject.title })}${icons.forward}</a>`;
  return html`<div class="record" part="record">
    <dl>${subject.details.map(({ label, value }) => html`<div><dt>${label}</dt><dd dir="auto">${value}</dd></div>`)}</dl>
    ${subject.link ? link : nothing}
  </div>`;
}

/** In place of the composer, where nothing more may be written. @param {View} view */
export function closedNote({ t }) {
  return html`<p class="closed" part="closed">${icons.lock}<span>${t('thread.closed')}</span></p>`;
}
