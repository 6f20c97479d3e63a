/** The list of conversations: search, unread, what was said last. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { directionIn } from '../i18n/translate.js';
import { askingIn } from '../state/offices.js';
import { search } from '../state/search.js';
import { otherOf, personalOf } from '../state/select.js';
import { unreadOf } from '../state/unread.js';
import { conversationAvatar } from './avatar.js';
import { header, iconButton } from './header.js';
import { icons } from './icons.js';
import { listKey } from './list-keys.js';
import { previewOf, titleOf, typingIn } from './names.js';
import { empty, failure, skeleton } from './placeholders.js';

/** @import { Conversation, View } from '../types.js' */

const SEARCH_FROM = 8;

/** @param {View} view */
export function conversationList(view) {
  const { t, ui, act } = view;
  const archived = ui.side === 'archived';
  const title = archived ? t('list.archived') : t('panel.title');
  const back = archived ? () => act.showList() : null;
  return html`
    ${header(view, { title, back, buttons: archived ? nothing : buttons(view) })}
    <div class="scroll" @keydown=${listKey}>${content(view, archived)}</div>
  `;
}

/** To the queue of an office one works in. @param {View} view */
function queueButton({ state, t, act, now }) {
  if (!state.inboxes.some((inbox) => inbox.staff)) return nothing;
  const count = askingIn(state, now + state.connection.skew);
  const name = count ? t('queue.open.count', { count }) : t('queue.open');
  return html`<button class="icon-button with-badge" data-queue title=${name} aria-label=${name} @click=${() => act.showQueue()}>
    ${icons.office}${count ? html`<span class="badge" aria-hidden="true">${count > 99 ? '99+' : count}</span>` : nothing}
  </button>`;
}

/** @param {View} view */
function buttons(view) {
  const { t, act } = view;
  return html`${queueButton(view)} ${iconButton(t('settings.title'), icons.bell, () => act.showSettings())} ${iconButton(t('list.new'), icons.compose, () => act.showPeople())}`;
}

/** @param {View} view @param {boolean} archived */
function content(view, archived) {
  const { state, ui, t, act } = view;
  const all = personalOf(state);
  if (!all.length && state.heads === 'failed') return failure(t, t('list.failed'), () => act.sync());
  if (!all.length && state.heads !== 'ready') return skeleton(t, 'people');
  const shelf = all.filter((conversation) => conversation.archived === archived);
  const found = search(shelf, ui.listQuery, state, (conversation) => titleOf(conversation, state, t));
  const aside = all.length - shelf.length;
  return html`
    ${shelf.length >= SEARCH_FROM || ui.listQuery ? searchField(view, found.length) : nothing}
    ${found.length ? list(view, found) : none(view, archived, shelf.length > 0)}
    ${!archived && aside ? shelfButton(view, aside) : nothing}
  `;
}

/** @param {View} view @param {Conversation[]} found */
function list(view, found) {
  const { t, ui, act } = view;
  const shown = found.slice(0, ui.listShown);
  return html`
    <ul class="list" aria-label=${t('list.label')}>
      ${repeat(shown, (conversation) => conversation.id, (conversation) => item(view, conversation))}
    </ul>
    ${found.length > shown.length
      ? html`<button class="quiet wide" @click=${() => act.set({ listShown: ui.listShown + 100 })}>${t('show.more')}</button>`
      : nothing}
  `;
}

/** @param {View} view @param {Conversation} conversation */
function item(view, conversation) {
  const { state, ui, t, act, dates } = view;
  const unread = unreadOf(conversation);
  const selected = ui.main !== 'none' && ui.conversation === conversation.id;
  const other = otherOf(conversation, state.me.id);
  const quiet = conversation.muted || conversation.archived;
  return html`<li>
    <button
      class="item ${unread && !quiet ? 'unread' : ''} ${selected ? 'selected' : ''}"
      part="conversation"
      data-conversation=${conversation.id}
      aria-current=${selected ? 'true' : 'false'}
      @click=${() => act.openConversation(conversation.id)}
    >
      ${conversationAvatar(conversation, state)}
      <span class="lines">
        <span class="line">
          <bdi class="name">${titleOf(conversation, state, t)}</bdi>
          ${other && state.online[other.id] ? html`<span class="vh">${t('online')}</span>` : nothing}
          ${mark(conversation.pinned, t('list.pinned'), icons.pin)} ${mark(conversation.muted, t('list.muted'), icons.muted)}
          <time class="when">${dates.short(conversation.updated_at)}</time>
        </span>
        <span class="line">
          ${secondLine(view, conversation)}
          ${unread ? html`<span class="badge ${quiet ? 'quiet' : ''}" aria-hidden="true">${unread > 99 ? `${t.number(99)}+` : t.number(unread)}</span>
                <span class="vh">${t('list.unread', { count: unread })}</span>`
            : nothing}
        </span>
      </span>
    </button>
  </li>`;
}

/** @param {View} view @param {Conversation} conversation */
function secondLine({ state, t }, conversation) {
  const typing = typingIn(conversation, state, t);
  if (typing) return html`<span class="preview typing">${typing}</span>`;
  // "You:" in front of words of the other direction would cut off their beginning instead of their end.
  const said = state.drafts[conversation.id] ?? conversation.preview?.body ?? '';
  return html`<span class="preview" dir=${directionIn(said) ?? t.direction}>${previewOf(conversation, state, t)}</span>`;
}

/** @param {boolean} shown @param {string} word @param {unknown} icon */
function mark(shown, word, icon) {
  return shown ? html`<span class="mark">${icon}<span class="vh">${word}</span></span>` : nothing;
}

/** @param {View} view @param {number} count */
function searchField({ ui, t, act }, count) {
  return html`<div class="field search">
    ${icons.search}
    <input
      type="search"
      autocomplete="off"
      .value=${live(ui.listQuery)}
      placeholder=${t('search')}
      aria-label=${t('list.search')}
      @input=${(/** @type {any} */ event) => act.set({ listQuery: event.target.value })}
    />
    <span class="vh" role="status">${ui.listQuery.trim() ? t('list.found', { count }) : ''}</span>
  </div>`;
}

/** @param {View} view @param {boolean} archived @param {boolean} searching */
function none({ ui, t, act }, archived, searching) {
  if (searching) return empty(icons.search, t('list.nothing', { query: ui.listQuery }));
  if (archived) return empty(icons.archive, t('list.archived.empty'));
  const start = html`<button class="primary" data-start @click=${() => act.showPeople()}>${t('list.start')}</button>`;
  return empty(icons.chat, t('list.empty'), t('list.empty.hint'), start);
}

/** @param {View} view @param {number} count */
function shelfButton({ t, act }, count) {
  return html`<button class="row-button" @click=${() => act.showArchived()}>
    ${icons.archive}<span>${t('list.archived')}</span><span class="count">${t.number(count)}</span>
  </button>`;
}
