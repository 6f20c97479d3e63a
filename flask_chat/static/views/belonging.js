/** Being in a conversation: its name, its members, and one's own settings of it. */

import { titleOf } from './names.js';
import { nothingBegun } from './ui.js';

/**
 * @import { Conversation, Member, Ui } from '../types.js'
 * @import { Stage } from './actions.js'
 */

/** @param {Stage} stage */
export function belonging({ client, ui, set, t, focus, attempt, pin }) {
  /** @param {Ui['confirm']} confirm */
  function ask(confirm) {
    set({ confirm });
    focus('.confirm .secondary');
  }

  /** @param {Conversation} conversation */
  function leave(conversation) {
    return attempt(async () => {
      await client.dispatch({ type: 'conversation.leave', conversation: conversation.id });
      set({ ...nothingBegun(), main: pin ? 'thread' : 'none', conversation: pin ? conversation.id : null });
      focus('h2');
    });
  }

  return {
    /** @param {Conversation} conversation @param {object} change muted, pinned, archived */
    change: (conversation, change) =>
      attempt(() => client.dispatch({ type: 'conversation.change', conversation: conversation.id, ...change })),
    rename: () =>
      attempt(async () => {
        await client.dispatch({ type: 'conversation.change', conversation: ui().conversation, title: ui().title.trim() });
        set({ renaming: false });
      }),
    addPicked: () =>
      attempt(async () => {
        const users = ui().picked.map((person) => person.id);
        await client.dispatch({ type: 'members.add', conversation: ui().conversation, users });
        set({ ...nothingBegun(), added: [...users, ...ui().added] });
        focus('.main h2');
      }),
    /** @param {Conversation} conversation @param {Member} member */
    appoint: (conversation, member) =>
      attempt(() =>
        client.dispatch({ type: 'members.appoint', conversation: conversation.id, user: member.id, role: member.owner ? 'member' : 'owner' }),
      ),
    /** @param {Conversation} conversation @param {Member} member */
    askRemove(conversation, member) {
      const act = () => attempt(() => client.dispatch({ type: 'members.remove', conversation: conversation.id, user: member.id }));
      ask({ title: t('confirm.remove', { name: member.name }), hint: t('confirm.remove.hint'), action: t('remove'), act });
    },
    /** @param {Conversation} conversation */
    askLeave(conversation) {
      const name = titleOf(conversation, client.getSnapshot(), t);
      ask({ title: t('confirm.leave', { name }), hint: t('confirm.leave.hint'), action: t('confirm.leave.do'), act: () => leave(conversation) });
    },
  };
}
