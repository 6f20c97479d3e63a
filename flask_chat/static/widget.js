/**
 * What a page loads: defines `<flask-chat>` and `<flask-chat-badge>`, and lets any element of the
 * page open a conversation: `data-chat-with="<user id>"`, `data-chat-about="<kind>:<record>"`,
 * `data-chat-inbox="<office>"`, with both for the staff as the office. Loading it twice does no harm.
 */

import { FlaskChatBadge } from './badge.js';
import { FlaskChat } from './element.js';

if (!customElements.get('flask-chat')) {
  customElements.define('flask-chat', FlaskChat);
  customElements.define('flask-chat-badge', FlaskChatBadge);
  document.addEventListener('click', openConversation);
}

/** @param {MouseEvent} event */
function openConversation(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const path = event.composedPath().filter((each) => each instanceof Element);
  const link = path.find((each) => each.matches('[data-chat-with], [data-chat-about], [data-chat-inbox]'));
  const chat = link && freeChat();
  if (!chat) return;
  event.preventDefault();
  const user = link.getAttribute('data-chat-with');
  const inbox = link.getAttribute('data-chat-inbox');
  if (inbox) chat.openInbox(inbox, user ?? undefined);
  else if (user) chat.openWith(user);
  else chat.openSubject(link.getAttribute('data-chat-about') ?? '');
}

/** One that may show any conversation; the floating one, where there are several. */
function freeChat() {
  const all = [...document.querySelectorAll('flask-chat')].map((each) => /** @type {FlaskChat} */ (each));
  const free = all.filter((chat) => chat.client && chat.mode !== 'pinned');
  return free.find((chat) => chat.mode === 'floating') ?? free[0];
}
