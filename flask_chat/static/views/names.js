/** What people and conversations are called. */

import { inquiriesOf } from '../state/offices.js';
import { hasSeveral, otherOf, talkingIn } from '../state/select.js';

/**
 * @import { Translate } from '../i18n/translate.js'
 * @import { Conversation, Message, State } from '../types.js'
 */

/** @param {Conversation} conversation @param {State} state @param {Translate} t */
export function titleOf(conversation, state, t) {
  const inquiry = inquiriesOf(state).get(conversation.id);
  if (inquiry) return inquiry.writer?.name ?? t('former');
  if (conversation.title) return conversation.title;
  if (conversation.subject) return conversation.subject.title;
  if (conversation.kind === 'self') return t('self');
  if (conversation.kind === 'group') return t('group');
  const other = otherOf(conversation, state.me.id);
  if (other) return other.name;
  // To who is there by a rule it is the conversation of the two who talk.
  const [one, two] = talkingIn(conversation).filter(({ id }) => id !== state.me.id);
  return two ? t('two', { one: one.name, two: two.name }) : t('former');
}

/** @param {Message} message @param {State} state @param {Translate} t */
export function authorOf(message, state, t) {
  if (message.author?.id === state.me.id) return t('you');
  const name = message.author?.name ?? t('former');
  return message.office ? `${name} · ${message.office}` : name;
}

/** The line under the title in a list. @param {Conversation} conversation @param {State} state @param {Translate} t */
export function previewOf(conversation, state, t) {
  const { preview, kind } = conversation;
  const draft = state.drafts[conversation.id];
  if (draft) return t('list.draft', { body: draft });
  if (!preview) return t('list.none');
  if (preview.deleted) return t('list.deleted');
  const body = preview.body;
  if (preview.kind === 'system' || kind === 'self') return body;
  if (preview.author?.id === state.me.id) return t('list.you', { body });
  return hasSeveral(conversation) ? t('list.by', { name: preview.author?.name ?? t('former'), body }) : body;
}

/** "Ana is typing…", or nothing. @param {Conversation} conversation @param {State} state @param {Translate} t */
export function typingIn(conversation, state, t) {
  const ids = Object.keys(state.typing[conversation.id] ?? {});
  const inquiry = inquiriesOf(state).get(conversation.id);
  const known = [...conversation.members, ...(state.conversations[inquiry?.notes ?? '']?.members ?? [])];
  // To the writer the office is one, whoever of it is typing.
  const stranger = conversation.kind === 'inbox' && !inquiry ? (conversation.title ?? []) : [];
  const names = [...new Set(ids.flatMap((id) => known.find((member) => member.id === id)?.name ?? stranger))];
  if (!names.length) return '';
  if (names.length === 1) return t('typing.one', { one: names[0] });
  return names.length === 2 ? t('typing.two', { one: names[0], two: names[1] }) : t('typing.many');
}

/** A sentence for what went wrong. @param {any} problem @param {Translate} t */
export function problemText(problem, t) {
  const key = `problem.${problem?.code}`;
  const text = t(key);
  return text === key ? t('problem.other') : text;
}
