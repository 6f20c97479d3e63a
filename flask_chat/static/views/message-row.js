/** One message: who, what, when, whether it has arrived; and what can be done with it. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { hasSeveral, mayDelete, mayEdit, readersOf } from '../state/select.js';
import { avatar } from './avatar.js';
import { icons } from './icons.js';
import { authorOf, problemText } from './names.js';
import { parts } from './parts.js';
import { isEmoji, isLong } from './segments.js';
import { words } from './text.js';

/**
 * @import { Translate } from '../i18n/translate.js'
 * @import { Conversation, Message, Pending, State, View } from '../types.js'
 * @import { Said, Waiting } from './rows.js'
 */

/** What waits for the end of quiet hours. */
export const heldParts = parts(() => import('./held.js'));

/** @param {View} view @param {Conversation} conversation @param {Said} row */
export function messageRow(view, conversation, { message, own, first, last }) {
  const { state, t, dates } = view;
  const name = authorOf(message, state, t);
  const group = hasSeveral(conversation) && !own;
  return html`<li class=${classes(own, first, last)} data-seq=${message.seq} data-message=${message.id}>
    ${group ? html`<span class="gutter">${last ? avatar(message.author ?? { id: '', name }) : nothing}</span>` : nothing}
    <div class="stack">
      ${group && first ? html`<bdi class="sender" aria-hidden="true">${name}</bdi>` : nothing}
      <div class="line-up">
        <div class="bubble ${looks(message)}" part=${own ? 'message own-message' : 'message'}>
          <span class="vh"><bdi>${name}</bdi>, ${dates.time(message.created_at)}: </span>
          ${message.deleted ? html`<em>${t('message.deleted')}</em>` : body(view, message.id, message.body)}
        </div>
        ${message.deleted ? nothing : messageMenu(view, message)}
      </div>
      ${last || message.edited_at ? meta(view, conversation, message, own, last) : nothing}
    </div>
  </li>`;
}

/** @param {View} view @param {Waiting} row @param {boolean} [noted] a note of the staff */
export function pendingRow(view, { pending, first, last }, noted = false) {
  const { t, dates } = view;
  return html`<li class="${classes(true, first, last)} pending ${pending.status} ${noted ? 'noted' : ''}">
    <div class="stack">
      <div class="line-up">
        <div class="bubble ${isEmoji(pending.body) ? 'emoji' : ''}" part="message own-message">
          <span class="vh">${t('you')}, ${dates.time(pending.at)}: </span>
          ${body(view, pending.client_id, pending.body)}
        </div>
      </div>
      ${pending.held ? heldParts(view)?.heldNote(view, pending.held) : pending.status === 'failed' ? failed(view, pending) : waiting(view, pending.status, last)}
    </div>
  </li>`;
}

/** @param {boolean} own @param {boolean} first @param {boolean} last */
function classes(own, first, last) {
  return `message ${own ? 'own' : 'other'} ${first ? 'first' : ''} ${last ? 'last' : ''}`;
}

/** @param {Message} message */
function looks(message) {
  if (message.deleted) return 'tombstone';
  return isEmoji(message.body) ? 'emoji' : '';
}

/** @param {View} view @param {string} key @param {string} text */
function body({ ui, t, act }, key, text) {
  if (!isLong(text)) return html`<div class="text" dir="auto">${words(text)}</div>`;
  const open = ui.unfolded[key];
  return html`<div class="text ${open ? '' : 'folded'}" dir="auto">${words(text)}</div>
    <button class="link" aria-expanded=${String(open ?? false)} @click=${() => act.unfold(key)}>${t(open ? 'show.less' : 'show.more')}</button>`;
}

/** @param {View} view @param {Conversation} conversation @param {Message} message @param {boolean} own @param {boolean} last */
function meta({ state, t, dates }, conversation, message, own, last) {
  return html`<div class="meta">
    ${last ? html`<time aria-hidden="true">${dates.time(message.created_at)}</time>` : nothing}
    ${message.edited_at && !message.deleted ? html`<span>${t('message.edited')}</span>` : nothing}
    ${own && last && !message.deleted && conversation.kind !== 'self' ? receipt(conversation, message, state, t) : nothing}
  </div>`;
}

/** @param {Conversation} conversation @param {Message} message @param {State} state @param {Translate} t */
function receipt(conversation, message, state, t) {
  const readers = state.features.read_receipts ? readersOf(conversation, message, state.me.id) : 0;
  if (!readers) return html`<span class="receipt">${icons.sent}${t('message.sent')}</span>`;
  const text = hasSeveral(conversation) ? t('message.read.by', { count: readers }) : t('message.read');
  return html`<span class="receipt read">${icons.read}${text}</span>`;
}

/** @param {View} view @param {string} status @param {boolean} last */
function waiting({ t }, status, last) {
  if (status === 'slow') return html`<div class="meta">${icons.clock}<span>${t('message.slow')}</span></div>`;
  return last ? html`<div class="meta">${icons.clock}<span>${t('message.sending')}</span></div>` : nothing;
}

/** @param {View} view @param {Pending} pending */
function failed({ t, act }, { client_id, reason }) {
  return html`<div class="meta danger" role="alert">
    ${icons.alert}<span>${t('message.failed')} ${problemText({ code: reason }, t)}</span>
    <span class="remedies">
      <button class="link" @click=${() => act.resend(client_id)}>${t('retry')}</button>
      <button class="link" @click=${() => act.discard(client_id)}>${t('delete')}</button>
    </span>
  </div>`;
}

/** What can be done with a message, behind three dots. @param {View} view @param {Message} message */
export function messageMenu(view, message) {
  const { ui, t, act } = view;
  const open = ui.menu === message.id;
  return html`<div class="actions ${open ? 'open' : ''}">
    <button
      class="icon-button small"
      title=${t('message.actions')}
      aria-label=${t('message.actions')}
      aria-haspopup="menu"
      aria-expanded=${String(open)}
      @click=${() => act.toggleMenu(message.id)}
    >
      ${icons.more}
    </button>
    ${open ? menu(view, message) : nothing}
  </div>`;
}

/** @param {View} view @param {Message} message */
function menu({ state, t, act, now }, message) {
  const at = now + state.connection.skew;
  return html`<div class="menu" role="menu" @keydown=${act.menuKey}>
    ${choice(icons.copy, t('message.copy'), () => act.copy(message))}
    ${mayEdit(state, message, at) ? choice(icons.compose, t('message.edit'), () => act.edit(message)) : nothing}
    ${mayDelete(state, message, at) ? choice(icons.trash, t('delete'), () => act.askDelete(message), 'danger') : nothing}
  </div>`;
}

/** @param {unknown} icon @param {string} words_ @param {() => void} act @param {string} [extra] class */
function choice(icon, words_, act, extra = '') {
  return html`<button class="menu-item ${extra}" role="menuitem" tabindex="-1" @click=${act}>${icon}<span>${words_}</span></button>`;
}
