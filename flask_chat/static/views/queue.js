/** The queue of an office one works in: what waits for somebody, in parts. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { openIn, partOf, staffedIn } from '../state/offices.js';
import { avatar } from './avatar.js';
import { header, iconButton } from './header.js';
import { icons } from './icons.js';
import { empty, failure, skeleton } from './placeholders.js';

/** @import { Inbox, Inquiry, View } from '../types.js' */

const PARTS = /** @type {const} */ (['new', 'mine', 'others', 'waiting', 'closed']);
const NAMES = { new: 'queue.new', mine: 'queue.mine', others: 'queue.others', waiting: 'queue.waiting', closed: 'queue.closed' };

/** @param {View} view */
export function queuePage(view) {
  const { state, ui, t, act } = view;
  const staffed = state.inboxes.filter((inbox) => inbox.staff);
  const inbox = staffedIn(state, ui.queue.inbox);
  const head = { title: inbox?.title ?? t('queue.office'), back: () => act.leaveQueue() };
  if (!inbox) return html`${header(view, head)}<div class="scroll">${empty(icons.office, t('queue.none'))}</div>`;
  return html`
    ${header(view, { ...head, buttons: html`${iconButton(t('queue.refresh'), icons.again, () => act.refreshQueue())} ${iconButton(t('queue.write'), icons.compose, () => act.showAddressees())}` })}
    ${staffed.length > 1 ? offices(view, staffed, inbox) : nothing} ${tabs(view, inbox)} ${orders(view, inbox)}
    <div class="scroll" role="tabpanel" id="queue-part" aria-label=${t(NAMES[ui.queue.part])}>${list(view, inbox)}</div>
  `;
}

/** @param {View} view @param {Inbox[]} staffed @param {Inbox} chosen */
function offices({ t, act }, staffed, chosen) {
  return html`<div class="field chooser">
    ${icons.office}
    <select aria-label=${t('queue.office')} @change=${(/** @type {any} */ event) => act.showQueue(event.target.value)}>
      ${staffed.map((inbox) => html`<option value=${inbox.name} ?selected=${inbox === chosen}>${inbox.title}</option>`)}
    </select>
    ${icons.unfold}
  </div>`;
}

/** @param {View} view @param {Inbox} inbox */
function tabs(view, inbox) {
  const { ui, t, act } = view;
  const counts = countsOf(view, inbox);
  return html`<div class="tabs" role="tablist" aria-label=${t('queue.parts')} @keydown=${act.tabKey}>
    ${PARTS.map((part) => {
      const chosen = ui.queue.part === part;
      const count = part === 'closed' ? 0 : counts[part];
      return html`<button
        class="tab ${chosen ? 'chosen' : ''}"
        role="tab"
        data-part=${part}
        aria-selected=${String(chosen)}
        aria-controls="queue-part"
        tabindex=${chosen ? 0 : -1}
        @click=${() => act.showPart(part)}
      >
        ${t(NAMES[part])}${count ? html` <span class="tab-count">${count}</span>` : nothing}
      </button>`;
    })}
  </div>`;
}

/** @param {View} view @param {Inbox} inbox */
function countsOf({ state, now }, inbox) {
  const counts = { new: 0, mine: 0, others: 0, waiting: 0, closed: 0 };
  for (const inquiry of openIn(state, inbox.name)) counts[partOf(inquiry, state.me.id, now + state.connection.skew)]++;
  return counts;
}

/** @param {View} view @param {Inbox} inbox */
function orders({ ui, t, act }, inbox) {
  if (!inbox.orders.length) return nothing;
  return html`<div class="field chooser">
    ${icons.sort}
    <select aria-label=${t('queue.order')} @change=${(/** @type {any} */ event) => act.sortQueue(event.target.value || null)}>
      <option value="" ?selected=${ui.queue.order === null}>${t('queue.order.waiting')}</option>
      ${inbox.orders.map((order) => html`<option value=${order} ?selected=${ui.queue.order === order}>${order}</option>`)}
    </select>
    ${icons.unfold}
  </div>`;
}

/** @param {View} view @param {Inbox} inbox */
function list(view, inbox) {
  const { state, ui, t, act } = view;
  const { part, order } = ui.queue;
  const asked = part === 'closed' || order !== null;
  if (asked && state.queue.status === 'failed') return failure(t, t('queue.failed'), () => act.refreshQueue());
  if (asked && state.queue.status === 'loading' && !state.queue.list.length) return skeleton(t, 'people');
  if (!asked && state.heads !== 'ready') return skeleton(t, 'people');
  const shown = asked ? asItIs(view, state.queue.list) : openIn(state, inbox.name);
  const found = shown.filter((inquiry) => partOf(inquiry, state.me.id, view.now + state.connection.skew) === part);
  if (!found.length) return part === 'new' ? empty(icons.check, t('queue.empty.new')) : empty(icons.office, t('queue.empty'));
  return html`
    <ul class="list" aria-label=${t(NAMES[part])}>
      ${repeat(found, (inquiry) => inquiry.conversation, (inquiry) => html`<li>${item(view, inquiry)}</li>`)}
    </ul>
    ${asked && state.queue.next !== null ? html`<button class="quiet wide" @click=${() => act.moreQueue()}>${t('show.more')}</button>` : nothing}
  `;
}

/** What was listed a while ago, as it stands now where we know. @param {View} view @param {Inquiry[]} listed */
function asItIs({ state }, listed) {
  return listed.map((inquiry) => ({ ...inquiry, ...(state.conversations[inquiry.notes]?.inquiry ?? {}) }));
}

/** @param {View} view @param {Inquiry} inquiry */
function item(view, inquiry) {
  const { state, ui, t, act, dates } = view;
  const name = inquiry.writer?.name ?? t('former');
  const preview = state.conversations[inquiry.conversation]?.preview ?? inquiry.preview;
  const selected = ui.main !== 'none' && ui.conversation === inquiry.conversation;
  const since = inquiry.waiting_since ?? inquiry.closed_at ?? inquiry.opened_at;
  const under = [inquiry.assignee && t('queue.by', { name: inquiry.assignee.name }), inquiry.sorted_by && `${ui.queue.order}: ${inquiry.sorted_by}`].filter(Boolean);
  return html`<button
    class="item ${inquiry.waiting_since ? 'unread' : ''} ${selected ? 'selected' : ''}"
    data-conversation=${inquiry.conversation}
    aria-current=${selected ? 'true' : 'false'}
    @click=${() => act.openInquiry(inquiry)}
  >
    ${avatar(inquiry.writer ?? { id: '', name })}
    <span class="lines">
      <span class="line"><bdi class="name">${name}</bdi>${since ? html`<time class="when">${dates.short(since)}</time>` : nothing}</span>
      <span class="line"><span class="preview" dir="auto">${preview?.body ?? ''}</span></span>
      ${under.length ? html`<span class="line"><span class="under">${under.join(' · ')}</span></span>` : nothing}
    </span>
  </button>`;
}
