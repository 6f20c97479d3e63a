/** What only those see who announce: the form, and the table of who has read it. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { header } from './header.js';
import { icons } from './icons.js';
import { face } from './people-list.js';
import { empty, skeleton } from './placeholders.js';

/** @import { Recipient, View } from '../types.js' */

/** @param {View} view */
export function announcePage(view) {
  const { t, ui, act, state } = view;
  const { title, body, count } = ui.announce;
  const left = state.limits.body - [...body].length;
  const ready = title.trim() && body.trim() && left >= 0 && count;
  return html`
    ${header(view, { title: t('announce.title'), back: () => act.showPeople() })}
    <form class="scroll column" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), act.announce())}>
      ${problem(view)}
      <div class="grow">
        ${listField(view)}
        <label class="field labelled">
          <span>${t('announce.subject')}</span>
          <input
            name="title"
            required
            dir="auto"
            autocomplete="off"
            maxlength=${state.limits.title}
            .value=${live(title)}
            @input=${(/** @type {any} */ event) => act.draftAnnouncement({ title: event.target.value })}
          />
        </label>
        <label class="field labelled">
          <span>${t('announce.body')}</span>
          <textarea
            required
            dir="auto"
            rows="6"
            aria-invalid=${String(left < 0)}
            .value=${live(body)}
            @input=${(/** @type {any} */ event) => act.draftAnnouncement({ body: event.target.value })}
          ></textarea>
        </label>
        ${left < 0 ? html`<p class="counter danger" role="status">${t('composer.over', { count: -left })}</p>` : nothing}
        ${confirmSwitch(view)}
        <p class="hint padded">${t('announce.private')}</p>
      </div>
      <div class="footer">
        <span class="hint" role="status">${count === null ? '' : t('announce.count', { count })}</span>
        <button class="primary" ?disabled=${!ready || ui.busy}>${t('announce.do')}</button>
      </div>
    </form>
  `;
}

/** @param {View} view */
function listField({ ui, t, act }) {
  return html`<label class="field labelled">
    <span>${t('announce.to')}</span>
    <select required @change=${(/** @type {any} */ event) => act.chooseList(event.target.value)}>
      <option value="" ?selected=${!ui.announce.to}>${t('announce.choose')}</option>
      ${ui.lists.map(({ name, label }) => html`<option value=${name} ?selected=${ui.announce.to === name}>${label}</option>`)}
    </select>
    ${icons.unfold}
  </label>`;
}

/** @param {View} view */
function confirmSwitch({ ui, t, act }) {
  return html`<label class="switch">
    <span class="lines"><span class="name">${t('announce.confirm')}</span><span class="preview">${t('announce.confirm.hint')}</span></span>
    <input
      type="checkbox"
      role="switch"
      .checked=${live(ui.announce.confirm)}
      @change=${(/** @type {any} */ event) => act.draftAnnouncement({ confirm: event.target.checked })}
    />
    <span class="track"></span>
  </label>`;
}

/** @param {View} view */
export function recipientsPage(view) {
  const { ui, t, act } = view;
  return html`
    ${header(view, { title: t('recipients.title'), back: () => act.showThread() })}
    <div class="scroll">${problem(view)} ${ui.report ? report(view, ui.report) : skeleton(t, 'people')}</div>
  `;
}

/** @param {View} view @param {NonNullable<View['ui']['report']>} found */
function report(view, found) {
  const { ui, state, t, act } = view;
  const asks = state.conversations[ui.conversation ?? '']?.announcement?.confirm;
  const { total, read, confirmed, missing, recipients, next } = found;
  return html`
    <p class="heading"><bdi>${found.to}</bdi></p>
    <p class="hint padded" role="status">
      ${t('recipients.read', { count: read, total })}${asks ? html` · ${t('recipients.confirmed', { count: confirmed })}` : nothing}
    </p>
    <label class="switch">
      <span class="lines"><span class="name">${t(asks ? 'recipients.unconfirmed' : 'recipients.unread')}</span></span>
      <input type="checkbox" role="switch" .checked=${live(missing)} @change=${() => act.lookAtRecipients(!missing)} />
      <span class="track"></span>
    </label>
    ${recipients.length ? nothing : empty(icons.check, t('recipients.all'))}
    <ul class="list" aria-label=${t('recipients.title')}>
      ${repeat(recipients, (one) => one.id, (one) => html`<li class="item still">${face(view, one)}${mark(view, one)}</li>`)}
    </ul>
    ${next ? html`<button class="quiet wide" ?disabled=${ui.busy} @click=${() => act.lookAtRecipients(missing, next)}>${t('show.more')}</button>` : nothing}
  `;
}

/** @param {View} view @param {Recipient} one */
function mark({ t, dates }, { read, confirmed_at: at }) {
  if (at) return html`<span class="tag" title=${dates.short(at)}>${t('recipients.has.confirmed')}</span>`;
  return html`<span class="hint padded">${t(read ? 'recipients.has.read' : 'recipients.has.not')}</span>`;
}

/** @param {View} view */
function problem({ ui }) {
  return ui.problem ? html`<p class="notice danger" role="alert">${ui.problem}</p>` : nothing;
}
