/** Writing, sending, and what can be done with one message. */

/**
 * @import { Held, Message } from '../types.js'
 * @import { Stage } from './actions.js'
 */

/** @param {Stage} stage */
export function writing({ client, ui, set, t, root, scroll, focus, attempt }) {
  const state = () => client.getSnapshot();
  /** Where the words go: to the conversation, or to the notes on it. */
  const conversation = () => /** @type {string} */ (ui().noting ?? ui().conversation);

  function send() {
    const { editing } = ui();
    if (editing) return saveEdit(editing);
    const body = (state().drafts[conversation()] ?? '').trim();
    if (!body || [...body].length > state().limits.body) return;
    client.dispatch({ type: 'draft.change', conversation: conversation(), body: '' });
    client.dispatch({ type: 'message.post', conversation: conversation(), body });
    scroll.toEnd();
  }

  /** @param {{message: Message, body: string}} editing */
  function saveEdit({ message, body }) {
    if (!body.trim()) return;
    if (body.trim() === message.body) return stopEditing();
    return attempt(async () => {
      await client.dispatch({ type: 'message.edit', conversation: message.conversation, message: message.id, body: body.trim() });
      stopEditing();
    });
  }

  function stopEditing() {
    set({ editing: null, problem: null });
    focus('textarea');
  }

  /** The words of one's newest message, by the arrow key. */
  function editLast() {
    const rows = state().threads[conversation()]?.rows ?? [];
    const last = [...rows].reverse().find((row) => row.author?.id === state().me.id && !row.deleted);
    const seconds = state().limits.edit_seconds;
    if (last && Date.now() - Date.parse(last.created_at) < seconds * 1_000) set({ editing: { message: last, body: last.body } });
  }

  /** @param {string|null} menu */
  function closeMenu(menu = ui().menu) {
    set({ menu: null });
    focus(`[data-message="${CSS.escape(menu ?? '')}"] .actions button`);
  }

  return {
    send,
    stopEditing,
    closeMenu,
    /** @param {Event} event */
    write(event) {
      const body = /** @type {HTMLTextAreaElement} */ (event.target).value;
      const { editing } = ui();
      if (editing) return set({ editing: { ...editing, body } });
      client.dispatch({ type: 'draft.change', conversation: conversation(), body });
      if (body.trim()) client.dispatch({ type: 'typing', conversation: conversation() });
    },
    /** @param {KeyboardEvent} event */
    composerKey(event) {
      const field = /** @type {HTMLTextAreaElement} */ (event.target);
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        send();
      } else if (event.key === 'ArrowUp' && !field.value) {
        event.preventDefault();
        editLast();
      } else if (event.key === 'Escape' && ui().editing) {
        event.stopPropagation();
        stopEditing();
      }
    },
    /** @param {string} client_id */
    resend(client_id) {
      client.dispatch({ type: 'message.retry', client_id });
      focus('textarea');
    },
    /** @param {string} client_id */
    discard(client_id) {
      client.dispatch({ type: 'message.discard', client_id });
      focus('textarea');
    },
    /** Its words come back to where they were written, unless others are there. @param {Held} held */
    takeBack({ id, conversation, body }) {
      return attempt(async () => {
        await client.dispatch({ type: 'held.cancel', conversation, held: id });
        if (!state().drafts[conversation]?.trim()) client.dispatch({ type: 'draft.change', conversation, body });
        focus('textarea');
      });
    },
    /** @param {Held} held */
    sendHeld({ id, conversation }) {
      focus('textarea');
      return attempt(() => client.dispatch({ type: 'held.send', conversation, held: id }));
    },
    /** @param {string} id */
    toggleMenu(id) {
      if (ui().menu === id) return closeMenu();
      set({ menu: id });
      focus('[role=menuitem]');
    },
    /** @param {KeyboardEvent} event */
    menuKey(event) {
      if (event.key === 'Escape' || event.key === 'Tab') {
        event.preventDefault();
        event.stopPropagation();
        return closeMenu();
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const menu = /** @type {HTMLElement} */ (event.currentTarget);
      const items = [...menu.querySelectorAll('button')];
      const at = items.indexOf(/** @type {HTMLButtonElement} */ (event.target));
      items[(at + step + items.length) % items.length].focus();
    },
    /** @param {Message} message */
    async copy(message) {
      closeMenu(message.id);
      await copyText(message.body, root);
    },
    /** @param {Message} message */
    edit(message) {
      set({ menu: null, editing: { message, body: message.body } });
      focus('textarea');
    },
    /** @param {Message} message */
    askDelete(message) {
      const act = () => attempt(() => client.dispatch({ type: 'message.delete', conversation: message.conversation, message: message.id }));
      set({ menu: null, confirm: { title: t('confirm.delete'), hint: t('confirm.delete.hint'), action: t('delete'), act } });
      focus('.confirm .secondary');
    },
  };
}

/** `navigator.clipboard` does not exist on plain http. @param {string} text @param {HTMLElement} root */
async function copyText(text, root) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).catch(() => {});
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'vh';
  root.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
