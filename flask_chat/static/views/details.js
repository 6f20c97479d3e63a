/** About a conversation: its name, who is in it, and what is one's own: mute, pin, archive, leave. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { contains, folded } from '../state/search.js';
import { hasSeveral, isByRule, isOwner, presentMembers } from '../state/select.js';
import { conversationAvatar } from './avatar.js';
import { header, iconButton } from './header.js';
import { icons } from './icons.js';
import { listKey } from './list-keys.js';
import { titleOf } from './names.js';
import { face, nameSearch, peopleSearch, pickable } from './people-list.js';
import { empty } from './placeholders.js';

/** @import { Conversation, Member, View } from '../types.js' */

const PAGE = 50;

/** @param {View} view */
export function detailsPage(view) {
  const { state, ui, t, act } = view;
  const conversation = state.conversations[ui.conversation ?? ''];
  if (!conversation) return nothing;
  if (ui.adding) return addPage(view, conversation);
  const leaves = conversation.kind === 'group' && !isByRule(conversation, state.me.id);
  return html`
    ${header(view, { title: t('details.title'), back: () => act.showThread() })}
    <div class="scroll">
      ${problem(view)}
      <div class="hero">${conversationAvatar(conversation, state)} ${ui.renaming ? rename(view) : name(view, conversation)}</div>
      <div class="switches">
        ${toggle(view, conversation, 'muted', t('details.mute'), t('details.mute.hint'))}
        ${toggle(view, conversation, 'pinned', t('details.pin'), t('details.pin.hint'))}
        ${toggle(view, conversation, 'archived', t('details.archive'), t('details.archive.hint'))}
      </div>
      ${hasSeveral(conversation) ? members(view, conversation) : nothing}
      ${leaves
        ? html`<button class="row-button danger" @click=${() => act.askLeave(conversation)}>${icons.leave}<span>${t('details.leave')}</span></button>`
        : nothing}
    </div>
  `;
}

/** @param {View} view */
function problem({ ui }) {
  return ui.problem ? html`<p class="notice danger" role="alert">${ui.problem}</p>` : nothing;
}

/** @param {View} view @param {Conversation} conversation */
function name({ state, t, act }, conversation) {
  const may = conversation.kind === 'group' && isOwner(conversation, state.me.id);
  return html`<h3><bdi>${titleOf(conversation, state, t)}</bdi></h3>
    ${may ? html`<button class="quiet" @click=${() => act.set({ renaming: true, title: conversation.title ?? '' })}>${t('details.rename')}</button>` : nothing}`;
}

/** @param {View} view */
function rename({ state, ui, t, act }) {
  return html`<form class="rename" @submit=${(/** @type {Event} */ event) => (event.preventDefault(), act.rename())}>
    <div class="field"><input
      dir="auto"
      required
      maxlength=${state.limits.title}
      aria-label=${t('details.name')}
      .value=${live(ui.title)}
      @input=${(/** @type {any} */ event) => act.set({ title: event.target.value })}
    /></div>
    <button type="button" class="quiet" @click=${() => act.set({ renaming: false })}>${t('cancel')}</button>
    <button class="primary" ?disabled=${!ui.title.trim() || ui.busy}>${t('save')}</button>
  </form>`;
}

/** @param {View} view @param {Conversation} conversation @param {'muted'|'pinned'|'archived'} field @param {string} label @param {string} hint */
function toggle({ act }, conversation, field, label, hint) {
  return html`<label class="switch">
    <span class="lines"><span class="name">${label}</span><span class="preview">${hint}</span></span>
    <input
      type="checkbox"
      role="switch"
      .checked=${live(conversation[field])}
      @change=${(/** @type {any} */ event) => act.change(conversation, { [field]: event.target.checked })}
    />
    <span class="track"></span>
  </label>`;
}

/** @param {View} view @param {Conversation} conversation */
function members(view, conversation) {
  const { state, ui, t, act } = view;
  const query = ui.peopleQuery.trim();
  const { roster } = state;
  const answer = roster.conversation === conversation.id && roster.query === query ? roster : null;
  const shown = listed(view, conversation, query, answer && (query || isLarge(conversation)) ? new Set(answer.found) : null);
  return html`<h4 class="heading">${t('thread.members', { count: conversation.members_count })}</h4>
    ${conversation.kind === 'group' && !isByRule(conversation, state.me.id)
      ? html`<button class="row-button" @click=${() => act.showAdding()}>${icons.plus}<span>${t('details.add')}</span></button>`
      : nothing}
    ${isLarge(conversation) ? nameSearch(view, act.searchMembers, answer?.found.length ?? null) : nothing}
    ${query && answer && !shown.length ? empty(icons.search, t('people.nothing', { query: ui.peopleQuery })) : nothing}
    <ul class="list">
      ${repeat(shown, (member) => member.id, (member) => memberItem(view, conversation, member))}
    </ul>
    ${answer?.next ? html`<button type="button" class="quiet wide" @click=${() => act.moreMembers()}>${t('show.more')}</button>` : nothing}`;
}

/** Whether the server gives the members page by page. @param {Conversation} conversation */
function isLarge(conversation) {
  return conversation.members_count > PAGE;
}

/**
 * A few are sorted by name, many stay as the server lists them, or further pages would come in
 * between; whom one has just added stands above them. What is on screen is filtered at once; the server's answer follows.
 * @param {View} view
 * @param {Conversation} conversation
 * @param {string} query
 * @param {Set<string>|null} found
 */
function listed({ t, ui }, conversation, query, found) {
  const present = presentMembers(conversation);
  const added = present.filter((member) => ui.added.includes(member.id));
  if (found && query) return present.filter((member) => found.has(member.id));
  if (found) return [...added, ...present.filter((member) => found.has(member.id) && !added.includes(member))];
  if (query) return present.filter((member) => contains(query, folded(member.name)));
  return isLarge(conversation) ? present : present.sort((one, other) => t.compare(one.name, other.name));
}

/** @param {View} view @param {Conversation} conversation @param {Member} member */
function memberItem(view, conversation, member) {
  const { state, t } = view;
  const me = state.me.id;
  return html`<li class="item still">
    ${face(view, member, member.id === me ? `${member.name} (${t('you')})` : member.name)}
    ${member.owner ? html`<span class="tag">${t('details.owner')}</span>` : nothing}
    ${member.rule ? html`<span class="tag">${t('details.rule')}</span>` : nothing}
    ${member.id !== me && !member.rule && isOwner(conversation, me) ? ruling(view, conversation, member) : nothing}
    ${member.rule ? html`<p class="reason" dir="auto">${member.rule}</p>` : nothing}
  </li>`;
}

/** @param {View} view @param {Conversation} conversation @param {Member} member */
function ruling({ t, act }, conversation, member) {
  const label = t(member.owner ? 'details.dismiss' : 'details.appoint', { name: member.name });
  return html`
    <button class="icon-button ${member.owner ? 'on' : ''}" title=${label} aria-label=${label} @click=${() => act.appoint(conversation, member)}>${icons.crown}</button>
    ${iconButton(t('details.remove', { name: member.name }), icons.close, () => act.askRemove(conversation, member))}
  `;
}

/** @param {View} view @param {Conversation} conversation */
function addPage(view, conversation) {
  const { ui, t, act } = view;
  const present = new Set(presentMembers(conversation).map((member) => member.id));
  return html`
    ${header(view, { title: t('details.add'), back: () => act.showDetails() })}
    <form class="scroll column" @keydown=${listKey} @submit=${(/** @type {Event} */ event) => (event.preventDefault(), act.addPicked())}>
      ${problem(view)} ${peopleSearch(view)}
      <div class="grow">${pickable(view, present)}</div>
      <div class="footer">
        <button class="primary" ?disabled=${!ui.picked.length || ui.busy}>${t('details.add.some', { count: ui.picked.length })}</button>
      </div>
    </form>
  `;
}
