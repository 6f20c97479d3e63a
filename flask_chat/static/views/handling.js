/** Working in an office: going through its queue, taking, passing on, putting off, closing, noting. */

import { nothingBegun } from './ui.js';

/**
 * @import { Inbox, Inquiry, Ui } from '../types.js'
 * @import { Stage } from './actions.js'
 */

/** @param {Stage & {openConversation: (conversation: string) => void}} stage */
export function handling({ client, ui, set, t, focus, attempt, openConversation }) {
  const state = () => client.getSnapshot();

  /** @param {Partial<Ui['queue']>} change */
  function turn(change) {
    const queue = { ...ui().queue, ...change };
    set({ queue, problem: null });
    fetchQueue(queue);
  }

  /** Only what the client does not know by itself. @param {Ui['queue']} queue @param {boolean} [further] */
  function fetchQueue({ inbox, part, order }, further = false) {
    const name = inbox ?? state().inboxes.find((one) => one.staff)?.name;
    if (name && (part === 'closed' || order)) client.dispatch({ type: 'queue.load', inbox: name, part, order, further }).catch(() => {});
  }

  /** @param {Inquiry} inquiry @param {string} method @param {string} below @param {object} [body] */
  function move({ conversation }, method, below, body) {
    set({ desk: null });
    return attempt(async () => {
      await client.dispatch({ type: 'inquiry.move', conversation, method, below, body });
      fetchQueue(ui().queue);
    });
  }

  return {
    /** @param {string|null} [inbox] */
    showQueue(inbox = null) {
      client.dispatch({ type: 'inboxes.load' }).catch(() => {});
      set({ ...nothingBegun(), side: 'queue' });
      turn({ inbox: inbox ?? ui().queue.inbox, order: null });
      focus('.tab.chosen');
    },
    leaveQueue() {
      set({ ...nothingBegun(), side: 'list' });
      focus('h2');
    },
    /** @param {Ui['queue']['part']} part */
    showPart: (part) => turn({ part }),
    /** @param {string|null} order */
    sortQueue: (order) => turn({ order }),
    refreshQueue() {
      client.dispatch({ type: 'sync' });
      fetchQueue(ui().queue);
    },
    moreQueue: () => fetchQueue(ui().queue, true),
    /** @param {KeyboardEvent} event */
    tabKey(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const list = /** @type {HTMLElement} */ (event.currentTarget);
      const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('[role=tab]')]);
      const turned = getComputedStyle(list).direction === 'rtl' ? -step : step;
      const next = tabs[(tabs.indexOf(/** @type {HTMLElement} */ (event.target)) + turned + tabs.length) % tabs.length];
      next.click();
      next.focus();
    },
    /** @param {Inquiry} inquiry */
    openInquiry({ conversation, notes }) {
      openConversation(conversation);
      client.dispatch({ type: 'conversation.open', conversation: notes }).catch(() => {});
    },
    /** @param {Inquiry} inquiry */
    take: (inquiry) => move(inquiry, 'POST', 'claim'),
    /** @param {Inquiry} inquiry @param {string|null} user */
    give: (inquiry, user) => move(inquiry, 'PUT', 'assignee', { user }),
    /** @param {Inquiry} inquiry @param {Date|null} until */
    putOff: (inquiry, until) => move(inquiry, 'PUT', 'snooze', { until: until && until.toISOString() }),
    /** @param {Inquiry} inquiry @param {boolean} closed */
    close_: (inquiry, closed) => move(inquiry, 'PUT', 'closed', { closed }),
    /** @param {Inquiry} inquiry @param {Inbox} inbox */
    askTransfer(inquiry, inbox) {
      const act = () => move(inquiry, 'PUT', 'inbox', { inbox: inbox.name });
      set({ desk: null, confirm: { title: t('desk.transfer.sure', { office: inbox.title }), hint: t('desk.transfer.hint'), action: t('desk.transfer.do'), act } });
      focus('.confirm .secondary');
    },
    /** @param {Ui['desk']} desk */
    toggleDesk: (desk) => set({ desk: ui().desk === desk ? null : desk }),
    /** To the writer, or among the staff. @param {string|null} notes */
    write_(notes) {
      set({ noting: notes, desk: null, editing: null, problem: null });
      focus('textarea');
    },
    /** Filled in anew each time: the record may have changed. @param {string} conversation */
    async showReplies(conversation) {
      if (ui().desk === 'replies') return set({ desk: null });
      set({ desk: 'replies', replies: null });
      await attempt(async () => set({ replies: await client.dispatch({ type: 'replies.load', conversation }) }));
    },
    /** Into the words one is writing, to be read and changed before they are sent. @param {string} body */
    useReply(body) {
      const conversation = /** @type {string} */ (ui().conversation);
      const before = state().drafts[conversation]?.trimEnd();
      client.dispatch({ type: 'draft.change', conversation, body: before ? `${before}\n\n${body}` : body });
      set({ desk: null });
      focus('textarea');
    },
  };
}
