/** One conversation: its head, its history, the words one is writing. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { inquiriesOf } from '../state/offices.js';
import { heldIn, quietIn } from '../state/outbox.js';
import { hasSeveral, isByRule, isOwner, otherOf, presentMembers, supervisorsOf } from '../state/select.js';
import { announced } from './announced.js';
import { conversationAvatar } from './avatar.js';
import { composer } from './composer.js';
import { header, iconButton } from './header.js';
import { icons } from './icons.js';
import { heldParts, messageRow, pendingRow } from './message-row.js';
import { titleOf, typingIn } from './names.js';
import { parts } from './parts.js';
import { empty, failure, skeleton } from './placeholders.js';
import { closedNote, recordBar } from './record.js';
import { rowsOf } from './rows.js';

/**
 * @import { Conversation, Inquiry, Message, Thread, View } from '../types.js'
 * @import { Row } from './rows.js'
 */

const officeParts = parts(() => import('./office.js'));
const recordParts = parts(() => import('./record-actions.js'));

/** @param {View} view */
export function threadPage(view) {
  const { state, ui, t, act, pin } = view;
  const conversation = state.conversations[ui.conversation ?? ''];
  if (!conversation) return absent(view);
  const name = titleOf(conversation, state, t);
  const inquiry = inquiriesOf(state).get(conversation.id);
  const office = inquiry && officeParts(view);
  return html`
    ${header(view, {
      title: name,
      subtitle: subtitle(view, conversation),
      face: conversationAvatar(conversation, state),
      back: pin ? null : () => act.showList(),
      narrowBack: true,
      buttons: html`${hasTable(view, conversation) ? iconButton(t('recipients.title'), icons.people, () => act.showRecipients()) : nothing}
      ${iconButton(t('thread.details', { name }), icons.info, () => act.showDetails())}`,
    })}
    ${recordBar(view, conversation)} ${conversation.subject ? (recordParts(view)?.recordActions(view, conversation) ?? nothing) : nothing}
    ${inquiry && office ? office.bar(view, inquiry) : nothing}
    <div class="thread">
      <div class="messages ${conversation.kind === 'announcement' ? 'told' : ''}" part="messages" role="region" tabindex="0" aria-label=${t('thread.label', { name })} @scroll=${view.scroll.scrolled}>
        ${history(view, conversation, state.threads[conversation.id], inquiry)}
      </div>
      ${pill(view)}
    </div>
    <p class="typing-line" aria-hidden="true">${typingIn(conversation, state, t)}</p>
    ${foot(view, conversation, name, inquiry && office ? office.tools(view, conversation, inquiry) : nothing)}
  `;
}

/** Where one writes, or why one cannot. @param {View} view @param {Conversation} conversation @param {string} name @param {unknown} tools */
function foot(view, conversation, name, tools) {
  if (conversation.subject?.closed) return closedNote(view);
  const listens = conversation.kind === 'announcement' && !isOwner(conversation, view.state.me.id);
  const done = conversation.inbox?.closed && !inquiriesOf(view.state).has(conversation.id);
  const hint = done ? html`<p class="office-hint">${view.t('office.closed')}</p>` : nothing;
  const quiet = quietIn(view.state, conversation.id, view.now + view.state.connection.skew);
  const rest = quiet ? heldParts(view)?.quietHint(view, quiet) : nothing;
  return listens ? announced(view, conversation) : [hint, rest, composer(view, conversation, name, tools)];
}

/** Who has read it is for those to see who announced it. @param {View} view @param {Conversation} conversation */
function hasTable({ state }, conversation) {
  return conversation.kind === 'announcement' && isOwner(conversation, state.me.id);
}

/** @param {View} view */
function absent(view) {
  const { state, ui, t, act, pin } = view;
  const gone = state.gone !== null && state.gone === ui.conversation;
  const header_ = header(view, { title: t('panel.title'), back: pin ? null : () => act.showList(), narrowBack: true });
  if (gone) return html`${header_}<div class="scroll" role="alert">${empty(icons.leave, t('thread.gone'))}</div>`;
  if (pin && 'subject' in pin && !ui.conversation && state.heads === 'ready') return html`${header_}${recordParts(view)?.firstActions(view, pin.subject) ?? nothing}${unbegun(view, pin.subject)}`;
  if (state.heads === 'failed') return html`${header_}<div class="scroll">${failure(t, t('thread.failed'), () => act.sync())}</div>`;
  return html`${header_}<div class="scroll">${skeleton(t, 'thread')}</div>`;
}

/** Nobody has written about the record yet. @param {View} view @param {{kind: string, id: string}} subject */
function unbegun({ ui, t, act }, subject) {
  const start = html`<button class="primary" ?disabled=${ui.busy} @click=${() => act.startSubject(subject)}>${t('list.start')}</button>`;
  const problem = ui.problem ? html`<p class="notice danger" role="alert">${ui.problem}</p>` : nothing;
  return html`<div class="scroll">${empty(icons.folder, t('thread.empty'), t('thread.unbegun.hint'), html`${problem}${start}`)}</div>`;
}

/** @param {View} view @param {Conversation} conversation */
function subtitle({ state, t }, conversation) {
  const other = otherOf(conversation, state.me.id);
  const online = other && state.features.presence && other.id in state.online;
  let words = '';
  const [sender] = presentMembers(conversation);
  if (conversation.kind === 'announcement') words = sender?.id === state.me.id ? t('announcement.own') : t('announcement.by', { name: sender?.name ?? t('former') });
  else if (conversation.kind === 'inbox') words = inquiriesOf(state).has(conversation.id) ? (conversation.title ?? '') : '';
  else if (isByRule(conversation, state.me.id)) words = t('thread.supervising');
  else if (conversation.kind === 'direct' && supervisorsOf(conversation).length) words = t('thread.supervised', { names: supervisorsOf(conversation).map(({ name }) => name).join(', ') });
  else if (hasSeveral(conversation)) words = t('thread.members', { count: conversation.members_count });
  else if (online) words = t(state.online[other.id] ? 'online' : 'offline');
  else if (other?.role) words = other.role;
  return words ? html`<p class="subtitle">${words}</p>` : nothing;
}

/** @param {View} view @param {Conversation} conversation @param {Thread|undefined} thread @param {Inquiry} [inquiry] */
function history(view, conversation, thread, inquiry) {
  const { state, t, act, scroll } = view;
  const pending = [...heldIn(state, conversation.id), ...state.outbox].filter((each) => [conversation.id, inquiry?.notes].includes(each.conversation));
  if (!thread || (thread.status === 'loading' && !thread.rows.length)) return skeleton(t, 'thread');
  if (thread.status === 'failed' && !thread.rows.length) return failure(t, t('thread.failed'), () => act.reloadThread());
  if (!thread.rows.length && !pending.length) return blank(view, conversation);
  const { from, to } = scroll.window(thread.rows, thread.line);
  const atEnd = to === thread.rows.length;
  const where = { me: state.me.id, line: thread.line, before: thread.rows[from - 1], notes: inquiry?.notes };
  const drawn = thread.rows.slice(from, to);
  const noted = inquiry ? between(state.threads[inquiry.notes]?.rows ?? [], from || thread.more ? drawn[0] : null, atEnd ? null : drawn[drawn.length - 1]) : [];
  const rows = rowsOf(noted.length ? byTime([...drawn, ...noted]) : drawn, atEnd ? pending : [], where);
  return html`
    ${from === 0 ? top(view, thread, conversation) : nothing} ${inquiry && state.threads[inquiry.notes]?.older === 'failed' ? olderFailed(view, inquiry.notes) : nothing}
    <ol class="rows">
      ${repeat(rows, (row) => row.key, (row) => drawRow(view, conversation, row))}
    </ol>
  `;
}

/** The notes that belong among these rows. @param {Message[]} notes @param {Message|null} first @param {Message|null} last */
function between(notes, first, last) {
  return notes.filter(({ created_at }) => (!first || created_at >= first.created_at) && (!last || created_at <= last.created_at));
}

/** @param {Message[]} messages */
function byTime(messages) {
  return messages.sort((one, other) => (one.created_at < other.created_at ? -1 : Number(one.created_at > other.created_at)));
}

/** @param {View} view @param {Conversation} conversation @param {Row} row */
function drawRow(view, conversation, row) {
  const { t, dates } = view;
  switch (row.kind) {
    case 'day':
      return html`<li class="day"><span>${dates.day(row.at)}</span></li>`;
    case 'line':
      return html`<li class="new-line" data-line><span>${t('thread.new')}</span></li>`;
    case 'system':
      return html`<li class="system" data-seq=${row.message.seq}><span dir="auto">${row.message.body}</span></li>`;
    case 'pending':
      return pendingRow(view, row, row.pending.conversation !== conversation.id);
    case 'note':
      return officeParts(view)?.noteRow(view, row.message) ?? nothing;
    default:
      return messageRow(view, conversation, row);
  }
}

/** A head has no room for all that an announcement may be called. @param {View} view @param {Thread} thread @param {Conversation} conversation */
function top(view, thread, { kind, title }) {
  const { t } = view;
  if (!thread.more) return kind === 'announcement' ? html`<h3 class="headline" dir="auto">${title}</h3>` : html`<p class="beginning">${t('thread.beginning')}</p>`;
  if (thread.older !== 'failed') return html`<p class="beginning" aria-busy="true">${t('thread.older')}</p>`;
  return olderFailed(view);
}

/** @param {View} view @param {string} [conversation] */
function olderFailed({ t, act }, conversation) {
  return html`<p class="beginning" role="alert">
    ${t('thread.older.failed')} <button class="link" @click=${() => act.retryOlder(conversation)}>${t('retry')}</button>
  </p>`;
}

/** @param {View} view @param {Conversation} conversation */
function blank({ t }, conversation) {
  if (conversation.kind === 'self') return empty(icons.note, t('self'), t('thread.empty.self'));
  return empty(icons.chat, t('thread.empty'), t('thread.empty.hint'));
}

/** @param {View} view */
function pill({ t, scroll, act }) {
  if (scroll.follows) return nothing;
  const count = scroll.news;
  if (!count) return html`<button class="pill round" title=${t('thread.bottom')} aria-label=${t('thread.bottom')} @click=${() => act.toBottom()}>${icons.down}</button>`;
  return html`<button class="pill" part="pill" @click=${() => act.toBottom()}>${t('thread.pill', { count })}${icons.down}</button>`;
}
