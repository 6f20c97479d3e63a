/** What is in the panel: the column of lists, the column of one conversation, the banner below. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { arriving } from './arriving.js';
import { banner, signedOut } from './banner.js';
import { confirmation } from './confirmation.js';
import { conversationList } from './conversation-list.js';
import { header } from './header.js';
import { icons } from './icons.js';
import { titleOf } from './names.js';
import { empty } from './placeholders.js';

/** @import { View } from '../types.js' */

const threadPage = arriving(async ({ act, adopt, state }) => {
  const [{ threadPage: page }, { threadSheet }] = await Promise.all([
    import('./thread.js'),
    import('./styles/thread.js'),
    act.bringWriting(),
    state.features.inboxes && officeLooks(adopt),
  ]);
  adopt(threadSheet);
  return page;
}, 'thread');
const peoplePage = arriving(() => import('./people-list.js').then((module) => module.peoplePage));
const addresseesPage = arriving(() => import('./people-list.js').then((module) => module.addresseesPage));
const groupPage = arriving(() => import('./people-list.js').then((module) => module.groupPage));
const queuePage = arriving(async ({ adopt }) => {
  const [{ queuePage: page }] = await Promise.all([import('./queue.js'), officeLooks(adopt)]);
  return page;
});
const detailsPage = arriving(() => import('./details.js').then((module) => module.detailsPage));
const settingsPage = arriving(() => import('./settings.js').then((module) => module.settingsPage));
const announcePage = arriving(() => import('./announcement-pages.js').then((module) => module.announcePage));
const recipientsPage = arriving(() => import('./announcement-pages.js').then((module) => module.recipientsPage));

/** Somebody is about to open a conversation: what it needs, before they do. @param {View} view */
export function expectThread({ act }) {
  Promise.all([import('./thread.js'), import('./styles/thread.js'), act.bringWriting()]).catch(() => {});
}

/** @param {View} view */
export function panel(view) {
  const { state, ui, t, mode } = view;
  const out = state.connection.status === 'unauthorised';
  return html`<section class="panel" part="panel" role=${mode === 'floating' ? 'dialog' : 'region'} aria-label=${nameOf(view)}>
    ${out ? html`<div class="columns"><div class="side">${header(view, { title: t('panel.title') })}${signedOut(view)}</div></div>` : columns(view)}
    ${ui.confirm ? confirmation(view, ui.confirm) : nothing}
  </section>`;
}

/** A page may hold more than one. @param {View} view */
function nameOf({ state, ui, t, mode }) {
  const conversation = mode === 'pinned' ? state.conversations[ui.conversation ?? ''] : undefined;
  return conversation ? t('thread.label', { name: titleOf(conversation, state, t) }) : t('panel.title');
}

/** @param {View} view */
function columns(view) {
  if (view.mode === 'pinned') return html`<div class="columns has-main"><div class="main">${main(view)}</div>${banner(view)}</div>`;
  return html`<div class="columns ${view.ui.main === 'none' ? '' : 'has-main'}">
    <div class="side">${side(view)}</div>
    <div class="main">${main(view)}</div>
    ${banner(view)}
  </div>`;
}

/** @param {View} view */
function side(view) {
  if (view.ui.side === 'people') return peoplePage(view);
  if (view.ui.side === 'addressees') return addresseesPage(view);
  if (view.ui.side === 'group') return groupPage(view);
  if (view.ui.side === 'settings') return settingsPage(view);
  if (view.ui.side === 'announce') return announcePage(view);
  if (view.ui.side === 'queue') return queuePage(view);
  return conversationList(view);
}

/** @param {View} view */
function main(view) {
  const { ui, t, mode } = view;
  if (ui.main === 'thread') return threadPage(view);
  if (ui.main === 'details') return detailsPage(view);
  if (ui.main === 'recipients') return recipientsPage(view);
  return mode === 'inline' ? html`<div class="scroll">${empty(icons.chat, t('thread.choose'), t('thread.choose.hint'))}</div>` : nothing;
}

/** @param {View['adopt']} adopt */
async function officeLooks(adopt) {
  adopt((await import('./styles/office.js')).officeSheet);
}
