/** By what a person wants to be told of messages while nobody looks. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { setWishes, wishesOf } from '../kept.js';
import { header } from './header.js';

/** @import { View } from '../types.js' */

/** @param {View} view */
export function settingsPage(view) {
  const { t, act } = view;
  const may = 'Notification' in window;
  const blocked = may && Notification.permission === 'denied';
  return html`
    ${header(view, { title: t('settings.title'), back: () => act.showList() })}
    <div class="scroll">
      <p class="hint lead">${t('settings.hint')}</p>
      <div class="switches">
        ${may ? toggle(view, 'desktop', t('settings.desktop'), t(blocked ? 'settings.blocked' : 'settings.desktop.hint'), blocked) : nothing}
        ${toggle(view, 'sound', t('settings.sound'), t('settings.sound.hint'))}
        ${toggle(view, 'number', t('settings.number'), t('settings.number.hint'))}
      </div>
    </div>
  `;
}

/** @param {View} view @param {'desktop'|'sound'|'number'} wish @param {string} label @param {string} hint @param {boolean} [blocked] */
function toggle(view, wish, label, hint, blocked = false) {
  const wishes = wishesOf(view.state.me.id) ?? {};
  return html`<label class="switch">
    <span class="lines"><span class="name">${label}</span><span class="preview">${hint}</span></span>
    <input
      type="checkbox"
      role="switch"
      ?disabled=${blocked}
      .checked=${live(!blocked && Boolean(wishes[wish]))}
      @change=${(/** @type {any} */ event) => want(view, wish, event.target.checked)}
    />
    <span class="track"></span>
  </label>`;
}

/** @param {View} view @param {'desktop'|'sound'|'number'} wish @param {boolean} wanted */
async function want({ state, act }, wish, wanted) {
  const granted = wish !== 'desktop' || !wanted || (await Notification.requestPermission()) === 'granted';
  setWishes(state.me.id, { ...wishesOf(state.me.id), [wish]: wanted && granted });
  act.set({});
}
