/** How the connection stands, in words, where it matters. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';
import { empty } from './placeholders.js';

/** @import { View } from '../types.js' */

/** A countdown shorter than this is over before it is read. */
const WORTH_MS = 1_500;

/** One polite region that stays; its words change. @param {View} view */
export function banner(view) {
  return html`<div class="banner-place" role="status">${words(view)}</div>`;
}

/** @param {View} view */
export function isTroubled({ state }) {
  return ['waiting', 'offline', 'refused', 'closed'].includes(state.connection.status);
}

/** @param {View} view */
function words(view) {
  const { state, ui, t, act, now } = view;
  const { status, retryAt, outdated } = state.connection;
  if (outdated) return line('', t('banner.outdated'), t('banner.reload'), () => location.reload());
  if (status === 'offline') return line('', t('banner.offline'));
  if (status === 'polling') return line('', t('banner.polling'));
  if (status === 'refused' || status === 'closed') return line('danger', t('banner.closed'), t('banner.now'), act.reconnect);
  if (status === 'waiting' && retryAt) return waiting(view, Math.ceil((retryAt - now) / 1_000), retryAt - now < WORTH_MS);
  return ui.restored ? line('good', t('banner.back')) : nothing;
}

/** The seconds are for the eye; they are not read aloud one by one. @param {View} view @param {number} seconds @param {boolean} soon */
function waiting({ t, act }, seconds, soon) {
  return html`<div class="banner">
    <span class="pulse"></span><span class="vh">${t('banner.waiting')}</span>
    <span aria-hidden="true">${soon ? t('banner.waiting') : t('banner.seconds', { count: seconds })}</span>
    <button class="link" @click=${act.reconnect}>${t('banner.now')}</button>
  </div>`;
}

/** @param {string} tone @param {string} text @param {string} [label] @param {() => void} [act] */
function line(tone, text, label, act) {
  return html`<div class="banner ${tone}"><span>${text}</span>${label ? html`<button class="link" @click=${act}>${label}</button>` : nothing}</div>`;
}

/** In place of everything, once nobody is signed in. @param {View} view */
export function signedOut({ state, t, page }) {
  const link = state.login
    ? html`<a class="primary" href=${withReturn(state.login, page)}>${t('signed.in')}</a>`
    : html`<button class="primary" @click=${() => location.reload()}>${t('signed.in')}</button>`;
  return html`<div class="scroll" role="alert">${empty(icons.leave, t('signed.out'), t('signed.out.hint'), link)}</div>`;
}

/** @param {string} login @param {string} page where to come back to */
function withReturn(login, page) {
  const url = new URL(login, location.href);
  url.searchParams.set('next', page);
  return url.href;
}
