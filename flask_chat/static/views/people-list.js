/** The directory: whom one may write to, A-Z, asked anew at every opening. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { live } from '../vendor/lit-html/directives/live.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { staffedIn } from '../state/offices.js';
import { contains, folded } from '../state/search.js';
import { avatar } from './avatar.js';
import { header } from './header.js';
import { icons } from './icons.js';
import { listKey } from './list-keys.js';
import { empty, failure, skeleton } from './placeholders.js';

/** @import { Inbox, Person, View } from '../types.js' */

/** @param {View} view */
export function peoplePage(view) {
  const { t, act } = view;
  const choices = html`<div class="choices">
    ${view.state.inboxes.filter((inbox) => inbox.writes).map((inbox) => office(view, inbox))}
    <button class="row-button" @click=${() => act.showGroup()}>${icons.people}<span>${t('people.group')}</span>${icons.forward}</button>
    ${view.ui.lists.length
      ? html`<button class="row-button" @click=${() => act.showAnnounce()}>${icons.announce}<span>${t('people.announce')}</span>${icons.forward}</button>`
      : nothing}
    <button class="row-button" @click=${() => act.startSelf()}>${icons.note}<span>${t('self')}</span>${icons.forward}</button>
  </div>`;
  return html`
    ${header(view, { title: t('people.title'), back: () => act.showList() })}
    <div class="scroll" @keydown=${listKey}>
      ${peopleSearch(view)} ${view.ui.peopleQuery ? nothing : choices}
      ${people(view, (person) => html`<button class="item" ?disabled=${view.ui.busy} @click=${() => act.startDirect(person.id)}>${face(view, person)}</button>`)}
    </div>
  `;
}

/** @param {View} view @param {Inbox} inbox */
function office({ ui, t, act }, inbox) {
  return html`<button class="row-button" data-inbox=${inbox.name} ?disabled=${ui.busy} @click=${() => act.startInbox(inbox.name)}>
    ${icons.office}<span><bdi>${inbox.title}</bdi>${inbox.open ? nothing : html`<span class="hint"> · ${t('office.shut')}</span>`}</span>${icons.forward}
  </button>`;
}

/** Whom the office may write to. @param {View} view */
export function addresseesPage(view) {
  const { t, ui, act } = view;
  const inbox = staffedIn(view.state, ui.queue.inbox);
  return html`
    ${header(view, { title: t('queue.write'), back: () => act.showQueue() })}
    <div class="scroll" @keydown=${listKey}>
      <p class="hint lead">${t('queue.write.hint', { office: inbox?.title ?? '' })}</p>
      ${ui.problem ? html`<p class="notice danger" role="alert">${ui.problem}</p>` : nothing} ${peopleSearch(view)}
      ${people(view, (person) => html`<button class="item" ?disabled=${ui.busy} @click=${() => act.startInbox(inbox?.name ?? '', person.id)}>${face(view, person)}</button>`)}
    </div>
  `;
}

/** @param {View} view */
export function groupPage(view) {
  const { t, ui, act, state } = view;
  return html`
    ${header(view, { title: t('group.title'), back: () => act.showPeople() })}
    <form class="scroll column" @keydown=${listKey} @submit=${(/** @type {Event} */ event) => (event.preventDefault(), act.createGroup())}>
      <label class="field labelled">
        <span>${t('group.name')}</span>
        <input
          name="title"
          required
          dir="auto"
          maxlength=${state.limits.title}
          autocomplete="off"
          .value=${live(ui.title)}
          @input=${(/** @type {any} */ event) => act.set({ title: event.target.value })}
        />
      </label>
      ${peopleSearch(view)}
      <div class="grow">${pickable(view)}</div>
      <div class="footer">
        <span class="hint" role="status">${t('group.picked', { count: ui.picked.length })}</span>
        <button class="primary" ?disabled=${!ui.title.trim() || ui.busy}>${t('group.create')}</button>
      </div>
    </form>
  `;
}

/** People with a box to tick; those already in do not appear. @param {View} view @param {Set<string>} [present] */
export function pickable(view, present = new Set()) {
  const { ui, act } = view;
  return people(
    view,
    (person) => html`<label class="item">
      ${face(view, person)}
      <input
        type="checkbox"
        .checked=${live(ui.picked.some((each) => each.id === person.id))}
        @change=${() => act.pick(person)}
      />
      <span class="box">${icons.check}</span>
    </label>`,
    present,
  );
}

/** @param {View} view */
export function peopleSearch(view) {
  const { state, ui, act } = view;
  const isThere = state.people.status === 'ready' && state.people.query === ui.peopleQuery.trim();
  return nameSearch(view, act.searchPeople, isThere ? state.people.list.length : null);
}

/** @param {View} view @param {(query: string) => void} search @param {number|null} found how many, once that is known */
export function nameSearch({ ui, t }, search, found) {
  return html`<div class="field search">
    ${icons.search}
    <input
      type="search"
      .value=${live(ui.peopleQuery)}
      placeholder=${t('people.search')}
      aria-label=${t('people.search')}
      autocomplete="off"
      @input=${(/** @type {any} */ event) => search(event.target.value)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && event.preventDefault()}
    />
    <span class="vh" role="status">${ui.peopleQuery && found !== null ? t('people.found', { count: found }) : ''}</span>
  </div>`;
}

/** @param {View} view @param {(person: Person) => unknown} row @param {Set<string>} [present] */
function people(view, row, present = new Set()) {
  const { state, ui, t, act } = view;
  const { status, list, next } = state.people;
  if (!list.length && status === 'failed') return failure(t, t('people.failed'), () => act.searchPeople(ui.peopleQuery));
  if (!list.length && status !== 'ready' && !ui.peopleQuery) return skeleton(t, 'people');
  const shown = sorted(view).filter((person) => !present.has(person.id));
  if (!shown.length && status === 'loading') return nothing;
  if (!shown.length && ui.peopleQuery) return empty(icons.search, t('people.nothing', { query: ui.peopleQuery }));
  if (!shown.length) return empty(icons.people, t('people.empty'), t('people.empty.hint'));
  return html`
    ${stale(view)}
    <ul class="list" aria-label=${t('people.label')} aria-busy=${String(status === 'loading')}>
      ${repeat(shown, (person) => person.id, (person) => html`<li>${row(person)}</li>`)}
    </ul>
    ${next && status === 'ready' ? html`<button type="button" class="quiet wide" @click=${() => act.morePeople()}>${t('show.more')}</button>` : nothing}
  `;
}

/** What is on screen filters at once; the server's answer follows. @param {View} view */
function sorted({ state, ui, t }) {
  const query = ui.peopleQuery.trim();
  const awaited = state.people.status !== 'ready' && query;
  const list = awaited ? state.people.list.filter((person) => contains(query, folded(person.name))) : state.people.list;
  return [...list].filter((person) => person.id !== state.me.id).sort((one, other) => t.compare(one.name, other.name));
}

/** @param {View} view */
function stale({ state, t, dates, act, ui }) {
  const { status, at } = state.people;
  if (status !== 'failed' || at === null) return nothing;
  return html`<p class="notice" role="alert">
    ${t('people.stale', { time: dates.time(at) })}
    <button type="button" class="link" @click=${() => act.searchPeople(ui.peopleQuery)}>${t('retry')}</button>
  </p>`;
}

/** @param {View} view @param {Person} person @param {string} [name] where another is shown than the person's own */
export function face({ state, t }, person, name = person.name) {
  const online = state.online[person.id] ?? false;
  const presence = state.features.presence && person.id in state.online ? t(online ? 'online' : 'offline') : '';
  return html`${avatar(person, online)}
    <span class="lines">
      <bdi class="name">${name}</bdi>
      <span class="preview">${[person.role, presence].filter(Boolean).join(' · ')}</span>
    </span>`;
}
