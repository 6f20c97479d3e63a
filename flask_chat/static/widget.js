/**
 * What a page loads: defines `<flask-chat>`, and lets any element of the page open a conversation
 * with `data-chat-with="<user id>"`. Loading it twice does no harm.
 */

import { FlaskChat } from './element.js';

if (!customElements.get('flask-chat')) {
  customElements.define('flask-chat', FlaskChat);
  document.addEventListener('click', openConversation);
}

/** @param {MouseEvent} event */
function openConversation(event) {
  const link = event.target instanceof Element && event.target.closest('[data-chat-with]');
  const chat = /** @type {FlaskChat|null} */ (document.querySelector('flask-chat'));
  const user = link && link.getAttribute('data-chat-with');
  if (!user || !chat?.client) return;
  event.preventDefault();
  chat.openWith(user);
}
