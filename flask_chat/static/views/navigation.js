/** Going from page to page, and opening conversations. */

import { staffedIn } from '../state/offices.js';
import { nothingBegun } from './ui.js';

/**
 * @import { Person, Ui } from '../types.js'
 * @import { Stage } from './actions.js'
 */

const SEARCH_MS = 200;
/** Where one was before a conversation is where one is beside it. @type {Partial<Record<Ui['side'], Ui['side']>>} */
const SIDES = { archived: 'archived', queue: 'queue', addressees: 'queue' };

/** @param {Stage} stage */
export function navigation({ client, ui, set, scroll, close, focus, attempt, pin }) {
  /** @type {any} */
  let searching;

  /** @param {Partial<Ui>} page @param {string} [selector] what gets the focus */
  function show(page, selector = 'h2') {
    set({ ...nothingBegun(), ...page });
    focus(selector);
  }

  /** @param {string} query */
  function search(query) {
    const inbox = ui().side === 'addressees' ? staffedIn(client.getSnapshot(), ui().queue.inbox)?.name : undefined;
    client.dispatch({ type: 'people.search', query, inbox }).catch(() => {});
  }

  /** @param {string} conversation */
  function openConversation(conversation) {
    leaveThread();
    look(conversation);
    focus('textarea');
  }

  /** Shows it, and leaves the focus where it is. @param {string} conversation */
  function look(conversation) {
    scroll.reset();
    client.dispatch({ type: 'conversation.open', conversation }).catch(() => {});
    set({ ...nothingBegun(), main: 'thread', conversation, reply: null, side: SIDES[ui().side] ?? 'list' });
  }

  function leaveThread() {
    const { conversation } = ui();
    if (conversation) client.dispatch({ type: 'conversation.close', conversation });
  }

  /** @param {object} draft */
  function start(draft) {
    return attempt(async () => openConversation(await client.dispatch({ type: 'conversation.start', ...draft })));
  }

  return {
    set,
    close,
    openConversation,
    look,
    showPinned() {
      set({ main: 'thread' });
      if (pin && 'conversation' in pin) look(pin.conversation);
      else if (pin) client.dispatch({ type: 'actions.about', subject: pin.subject }).catch(() => {});
    },
    showList() {
      const { main, conversation } = ui();
      if (pin) return show({ main: 'thread' }, 'textarea');
      if (main !== 'none') leaveThread();
      const side = ui().side === 'queue' && main !== 'none' ? 'queue' : 'list';
      show({ side, main: 'none', conversation: null }, conversation ? `[data-conversation="${CSS.escape(conversation)}"]` : 'h2');
    },
    showSettings: () => show({ side: 'settings', main: 'none' }),
    showArchived: () => show({ side: 'archived', listQuery: '' }),
    showPeople() {
      show({ side: 'people', main: 'none' }, '[type=search]');
      search('');
    },
    showAddressees() {
      show({ side: 'addressees' }, '[type=search]');
      search('');
    },
    showGroup() {
      show({ side: 'group' }, '[name=title]');
      search('');
    },
    showThread: () => show({ main: 'thread' }, 'textarea'),
    showDetails() {
      show({ main: 'details' }, '.main h2');
      client.dispatch({ type: 'members.load', conversation: ui().conversation }).catch(() => {});
    },
    showAdding() {
      show({ adding: true }, '.main [type=search]');
      search('');
    },
    /** @param {string} query */
    searchPeople(query) {
      set({ peopleQuery: query });
      clearTimeout(searching);
      searching = setTimeout(() => search(query.trim()), SEARCH_MS);
    },
    /** @param {string} query a part of the names of a conversation's members */
    searchMembers(query) {
      set({ peopleQuery: query });
      clearTimeout(searching);
      const load = () => client.dispatch({ type: 'members.load', conversation: ui().conversation, query: query.trim() });
      searching = setTimeout(() => load().catch(() => {}), SEARCH_MS);
    },
    moreMembers: () => void client.dispatch({ type: 'members.more' }).catch(() => {}),
    morePeople: () => void client.dispatch({ type: 'people.more' }).catch(() => {}),
    /** @param {Person} person */
    pick(person) {
      const picked = ui().picked.filter((each) => each.id !== person.id);
      set({ picked: picked.length < ui().picked.length ? picked : [...picked, person] });
    },
    /** @param {string} user */
    startDirect: (user) => start({ kind: 'direct', user }),
    /** @param {string} inbox @param {string} [user] whom somebody who works there writes to */
    async startInbox(inbox, user) {
      await start({ kind: 'inbox', inbox, user });
      const { conversation } = ui();
      if (user && conversation) client.dispatch({ type: 'notes.open', conversation }).catch(() => {});
    },
    startSelf: () => start({ kind: 'self' }),
    /** @param {{kind: string, id: string}} subject */
    startSubject: (subject) => start({ kind: 'subject', subject }),
    createGroup: () => start({ kind: 'group', title: ui().title.trim(), members: ui().picked.map((person) => person.id) }),
    // A button that goes once it has been pressed hands the focus on.
    sync() {
      client.dispatch({ type: 'sync' });
      focus('h2');
    },
    reconnect() {
      client.dispatch({ type: 'connection.retry' });
      focus('textarea');
    },
    reloadThread() {
      client.dispatch({ type: 'history.retry', conversation: ui().conversation });
      focus('textarea');
    },
    /** @param {string|null} [conversation] */
    retryOlder(conversation = ui().conversation) {
      client.dispatch({ type: 'history.older', conversation });
      focus('.messages');
    },
    /** @param {string|null} [conversation] */
    loadOlder: (conversation = ui().conversation) => void client.dispatch({ type: 'history.older', conversation }),
    toBottom() {
      scroll.toEnd();
      focus('textarea');
    },
    /** @param {string} key */
    unfold: (key) => set({ unfolded: { ...ui().unfolded, [key]: !ui().unfolded[key] } }),
    /** @param {boolean} sure */
    decide(sure) {
      const { confirm } = ui();
      set({ confirm: null });
      focus('textarea');
      if (sure) confirm?.act();
    },
  };
}
