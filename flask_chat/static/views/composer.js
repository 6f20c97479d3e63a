/** Where one writes. Enter sends, Shift+Enter breaks the line; not while an input method composes. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { iconButton } from './header.js';
import { icons } from './icons.js';

/** @import { Conversation, View } from '../types.js' */

const WARN_FROM = 0.9;

/** @param {View} view @param {Conversation} conversation @param {string} name @param {unknown} [tools] above the words */
export function composer(view, conversation, name, tools = nothing) {
  const { state, ui, t, act } = view;
  const body = ui.editing ? ui.editing.body : (state.drafts[ui.noting ?? conversation.id] ?? '');
  const left = state.limits.body - lengthOf(body);
  const noting = ui.noting !== null && !ui.editing;
  const label = ui.editing ? t('composer.editing') : t(noting ? 'note.label' : 'composer.label', { name });
  return html`<form class="composer ${noting ? 'noting' : ''}" part="composer" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), act.send())}>
    ${ui.editing ? editing(view) : nothing} ${ui.problem ? html`<p class="notice danger" role="alert">${ui.problem}</p>` : nothing}
    ${ui.editing ? nothing : tools}
    <div class="writing">
      <textarea
        rows="1"
        dir="auto"
        enterkeyhint="send"
        placeholder=${t(noting ? 'note.placeholder' : 'composer.placeholder')}
        aria-label=${label}
        aria-invalid=${String(left < 0)}
        .value=${live(body)}
        @input=${act.write}
        @keydown=${act.composerKey}
      ></textarea>
      <button class="send" part="send" title=${t(ui.editing ? 'save' : 'composer.send')} aria-label=${t(ui.editing ? 'save' : 'composer.send')} ?disabled=${!body.trim() || left < 0}>
        ${ui.editing ? icons.check : icons.send}
      </button>
    </div>
    ${left <= state.limits.body * (1 - WARN_FROM) ? counter(view, left) : nothing}
  </form>`;
}

/** @param {View} view */
function editing({ t, act }) {
  return html`<div class="editing">${icons.compose}<span>${t('composer.editing')}</span>${iconButton(t('cancel'), icons.close, () => act.stopEditing())}</div>`;
}

/** @param {View} view @param {number} left */
function counter({ t }, left) {
  const text = left < 0 ? t('composer.over', { count: -left }) : t('composer.left', { count: left });
  return html`<p class="counter ${left < 0 ? 'danger' : ''}" role="status">${text}</p>`;
}

/** In code points, as the server counts. @param {string} text */
function lengthOf(text) {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
