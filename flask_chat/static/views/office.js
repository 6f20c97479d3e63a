/** A letter to one's office, seen from inside: who has it, what can be done, notes, prepared replies. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { partOf } from '../state/offices.js';
import { icons } from './icons.js';
import { messageMenu } from './message-row.js';
import { words } from './text.js';

/** @import { Conversation, Inquiry, Message, View } from '../types.js' */

const HOUR_MS = 3_600_000;
/** @type {Record<string, string>} */
const STANDS = { new: 'desk.new', mine: 'desk.mine', closed: 'queue.closed' };

/** @param {View} view @param {Inquiry} inquiry */
export function bar(view, inquiry) {
  const { state, ui, t, act, now } = view;
  const part = partOf(inquiry, state.me.id, now + state.connection.skew);
  const open = ui.desk === 'more';
  return html`<div class="desk" role="group" aria-label=${t('desk.label')}>
    <p class="desk-state ${part}">${standing(view, inquiry, part)}</p>
    ${part === 'new' ? button(view, 'primary', 'desk.take', () => act.take(inquiry)) : nothing}
    ${part === 'closed' ? button(view, 'secondary', 'desk.reopen', () => act.close_(inquiry, false)) : button(view, 'secondary', 'desk.close', () => act.close_(inquiry, true))}
    ${part === 'closed'
      ? nothing
      : html`<button class="icon-button" title=${t('desk.more')} aria-label=${t('desk.more')} aria-expanded=${String(open)} @click=${() => act.toggleDesk('more')}>${icons.more}</button>`}
    ${open && part !== 'closed' ? more(view, inquiry) : nothing}
  </div>`;
}

/** @param {View} view @param {Inquiry} inquiry @param {string} part */
function standing({ t, dates }, inquiry, part) {
  if (part === 'others') return t('queue.by', { name: inquiry.assignee?.name ?? '' });
  if (part === 'waiting') return t('desk.waiting', { time: dates.at(inquiry.snoozed_until ?? '') });
  return t(STANDS[part]);
}

/** @param {View} view @param {string} look @param {string} key @param {() => void} act */
function button({ ui, t }, look, key, act) {
  return html`<button class="${look} small" ?disabled=${ui.busy} @click=${act}>${t(key)}</button>`;
}

/** @param {View} view @param {Inquiry} inquiry */
function more(view, inquiry) {
  const { state, t, act } = view;
  const staff = (state.conversations[inquiry.notes]?.members ?? []).filter((member) => !member.left && member.id !== inquiry.assignee?.id);
  const others = state.inboxes.filter((inbox) => inbox.name !== inquiry.inbox);
  return html`<div class="desk-more">
    <p class="heading">${t('desk.assign')}</p>
    <div class="chips">
      ${staff.map((member) => chip(view, member.id === state.me.id ? t('you') : member.name, () => act.give(inquiry, member.id)))}
      ${inquiry.assignee ? chip(view, t('desk.release'), () => act.give(inquiry, null)) : nothing}
    </div>
    <p class="heading">${t('desk.snooze')}</p>
    <div class="chips">
      ${chip(view, t('desk.snooze.hours'), () => act.putOff(inquiry, new Date(view.now + 3 * HOUR_MS)))}
      ${chip(view, t('desk.snooze.tomorrow'), () => act.putOff(inquiry, morning(view.now, 1)))}
      ${chip(view, t('desk.snooze.week'), () => act.putOff(inquiry, morning(view.now, 7)))}
      ${inquiry.snoozed_until ? chip(view, t('desk.snooze.end'), () => act.putOff(inquiry, null)) : nothing}
    </div>
    ${others.length
      ? html`<p class="heading">${t('desk.transfer')}</p>
          <div class="chips">${others.map((inbox) => chip(view, inbox.title, () => act.askTransfer(inquiry, inbox)))}</div>`
      : nothing}
  </div>`;
}

/** @param {View} view @param {string} text @param {() => void} act */
function chip({ ui }, text, act) {
  return html`<button class="chip" ?disabled=${ui.busy} @click=${act}><bdi>${text}</bdi></button>`;
}

/** At eight, so many days from now. @param {number} now @param {number} days */
function morning(now, days) {
  const then = new Date(now);
  then.setDate(then.getDate() + days);
  then.setHours(8, 0, 0, 0);
  return then;
}

/** Above the words one writes: to whom they go, and what is written again and again. @param {View} view @param {Conversation} conversation @param {Inquiry} inquiry */
export function tools(view, conversation, inquiry) {
  const { ui, t, act } = view;
  const noting = ui.noting !== null;
  return html`
    ${ui.desk === 'replies' ? replies(view) : nothing}
    <div class="modes" role="group" aria-label=${t('note.mode')}>
      <button type="button" class="mode" aria-pressed=${String(!noting)} @click=${() => act.write_(null)}>${t('note.reply')}</button>
      <button type="button" class="mode to-office" aria-pressed=${String(noting)} @click=${() => act.write_(inquiry.notes)}>${icons.lock}${t('note.note')}</button>
      ${noting ? nothing : html`<button type="button" class="mode end" aria-expanded=${String(ui.desk === 'replies')} @click=${() => act.showReplies(conversation.id)}>${icons.reply}${t('replies.title')}</button>`}
    </div>
    ${noting ? html`<p class="noting-hint" id="noting">${t('note.hint')}</p>` : nothing}
  `;
}

/** @param {View} view */
function replies(view) {
  const { ui, t, act } = view;
  if (!ui.replies) return html`<p class="hint replies" aria-busy="true">${t('loading')}</p>`;
  if (!ui.replies.length) return html`<p class="hint replies">${t('replies.none')}</p>`;
  return html`<ul class="replies" aria-label=${t('replies.title')}>
    ${ui.replies.map(
      (reply) => html`<li>
        <button type="button" class="reply" @click=${() => act.useReply(reply.body)}>
          <span class="name">${reply.label}</span>
          <span class="reply-body" dir="auto">${reply.body}</span>
          ${reply.missing.length ? html`<span class="missing">${icons.alert}${t('replies.missing', { fields: reply.missing.join(', ') })}</span>` : nothing}
        </button>
      </li>`,
    )}
  </ul>`;
}

/** What was done, in the reader's language; what is stored without is read as it is. @param {View} view @param {Message} message */
function sentence({ state, dates }, { said, body }) {
  const text = said && state.sentences[said.code];
  if (!text) return body;
  const named = (/** @type {string} */ place) => said.named[place] ?? state.sentences.administrator;
  return text.replace(/\{(\w+)\}/g, (_, place) => (place === 'until' ? dates.at(named(place)) : named(place)));
}

/** @param {View} view @param {Message} message what the staff have noted, or what was done */
export function noteRow(view, message) {
  const { t, dates } = view;
  if (message.kind === 'system') return html`<li class="system noted" data-note=${message.id}><span dir="auto">${sentence(view, message)}</span></li>`;
  return html`<li class="note-row" data-note=${message.id} data-message=${message.id}>
    <div class="note">
      <p class="note-head">${icons.lock}<span>${t('note.mark')}</span> · <bdi>${message.author?.name ?? t('former')}</bdi> · <time>${dates.time(message.created_at)}</time>${message.edited_at && !message.deleted ? html` · <span>${t('message.edited')}</span>` : nothing}</p>
      ${message.deleted ? html`<em>${t('message.deleted')}</em>` : html`<div class="text" dir="auto">${words(message.body)}</div>`}
    </div>
    ${message.deleted ? nothing : messageMenu(view, message)}
  </li>`;
}
