/** The host's own buttons above the thread of a record, and what one of them asks before it runs. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { icons } from './icons.js';

/** @import { Conversation, RecordAction, Ui, View } from '../types.js' */
/** @typedef {NonNullable<Ui['deed']>} Deed */

/** @param {View} view @param {Conversation} conversation */
export function recordActions(view, conversation) {
  const { state, ui, t } = view;
  const offered = state.actions[conversation.id] ?? [];
  const { deed } = ui;
  if (!offered.length && !deed) return nothing;
  return html`<div class="record-actions" part="record-actions">
    <div class="record-buttons" role="group" aria-label=${t('action.label', { name: conversation.subject?.title ?? '' })}>
      ${offered.map((action) => button(view, action))}
    </div>
    ${deed?.asking ? question(view, deed) : deed?.problem ? refusal(deed) : nothing}
    <p class="vh" role="status">${deed?.running ? t('action.running') : deed?.done ? t('action.done', { label: deed.action.label }) : nothing}</p>
  </div>`;
}

/** Those of a record that nobody has written about. @param {View} view @param {{kind: string, id: string}} subject */
export function firstActions({ state, ui, act }, subject) {
  const offered = state.actions[`${subject.kind}:${subject.id}`] ?? [];
  if (!offered.length) return nothing;
  return html`<div class="record-actions" part="record-actions">
    <div class="record-buttons">
      ${offered.map((action) => html`<button class="chip record-action" data-action=${action.name} ?disabled=${ui.busy} @click=${(/** @type {MouseEvent} */ event) => act.beginWith(subject, action, event)}><bdi>${action.label}</bdi></button>`)}
    </div>
  </div>`;
}

/** Not `disabled` while one runs: that would take the focus away. @param {View} view @param {RecordAction} action */
function button({ ui, act }, action) {
  const { deed } = ui;
  const mine = deed?.action.name === action.name;
  return html`<button
    class="chip record-action"
    data-action=${action.name}
    aria-disabled=${String(deed?.running ?? false)}
    aria-busy=${String(mine && deed.running)}
    aria-expanded=${action.confirm !== null || action.fields.length ? String(mine && deed.asking) : nothing}
    @click=${(/** @type {MouseEvent} */ event) => act.press(action, event)}
  >
    <bdi>${action.label}</bdi>
  </button>`;
}

/** @param {Deed} deed */
function refusal({ problem }) {
  return html`<p class="notice danger" role="alert" dir="auto">${problem}</p>`;
}

/** @param {View} view @param {Deed} deed */
function question({ t, act }, deed) {
  const { action, running } = deed;
  return html`<form
    class="deed"
    aria-label=${action.label}
    @submit=${(/** @type {Event} */ event) => (event.preventDefault(), act.run())}
    @keydown=${(/** @type {KeyboardEvent} */ event) => act.deedKey(event)}
  >
    ${action.confirm === null ? nothing : html`<p class="deed-question" id="deed-question" dir="auto">${action.confirm}</p>`}
    ${action.fields.map((field) => asked(t, act, deed, field))}
    ${deed.problem ? refusal(deed) : nothing}
    <div class="deed-buttons">
      <button type="button" class="secondary" aria-disabled=${String(running)} @click=${() => act.stopDeed()}>${t('cancel')}</button>
      <button class="primary" aria-disabled=${String(running)} aria-describedby=${action.confirm === null ? nothing : 'deed-question'}>
        <bdi>${action.label}</bdi>
      </button>
    </div>
  </form>`;
}

/** @param {View['t']} t @param {View['act']} act @param {Deed} deed @param {RecordAction['fields'][number]} field */
function asked(t, act, deed, field) {
  const wrong = deed.wrong[field.name];
  const value = deed.values[field.name] ?? '';
  const change = (/** @type {any} */ event) => act.answer(field.name, event.target.value);
  const invalid = String(wrong !== undefined);
  return html`<label class="field labelled">
    <span dir="auto">${field.required ? field.label : t('action.optional', { label: field.label })}</span>
    ${field.choices.length
      ? html`<select ?required=${field.required} aria-invalid=${invalid} @change=${change}>
            <option value="" ?selected=${!value}>${field.required ? t('action.choose') : ''}</option>
            ${field.choices.map((choice) => html`<option value=${choice} ?selected=${choice === value}>${choice}</option>`)}
          </select>
          ${icons.unfold}`
      : html`<input dir="auto" maxlength="2000" ?required=${field.required} aria-invalid=${invalid} .value=${live(value)} @input=${change} />`}
    ${wrong ? html`<span class="danger" role="alert">${wrong}</span>` : nothing}
  </label>`;
}
