/** Announcing, confirming that one has read, and looking who has. */

import { nothingBegun } from './ui.js';

/**
 * @import { Ui } from '../types.js'
 * @import { Stage } from './actions.js'
 */

/** @param {Stage} stage @param {{openConversation: (id: string) => void}} to where it leads */
export function announcing({ client, ui, set, t, focus, attempt }, { openConversation }) {
  /** @param {Partial<Ui['announce']>} patch */
  const draft = (patch) => set({ announce: { ...ui().announce, ...patch } });

  /** @param {string} to */
  async function choose(to) {
    draft({ to, count: null });
    const count = to ? await client.dispatch({ type: 'announcement.count', to }) : null;
    if (ui().announce.to === to) draft({ count });
  }

  function send() {
    const { to, title, body, confirm, count: recipients } = ui().announce;
    const said = { to, title: title.trim(), body: body.trim(), confirm, recipients };
    return attempt(async () => {
      try {
        openConversation(await client.dispatch({ type: 'announcement.post', ...said }));
      } catch (problem) {
        if (/** @type {any} */ (problem).code === 'many_recipients') await choose(to);
        throw problem;
      }
    });
  }

  /** @param {boolean} missing @param {string|null} [after] */
  function look(missing, after = null) {
    const { conversation, report } = ui();
    if (report) set({ report: { ...report, missing } }); // the switch stays where it was put
    return attempt(async () => {
      const page = await client.dispatch({ type: 'announcement.recipients', conversation, missing, after });
      const before = after && report ? report.recipients : [];
      if (ui().conversation === conversation) set({ report: { ...page, missing, recipients: [...before, ...page.recipients] } });
    });
  }

  return {
    /** Whether there is anybody one may announce to, asked anew at every opening. */
    async lookForLists() {
      if (!client.getSnapshot().features.announcements) return;
      const { lists, confirm_above: above } = await client.dispatch({ type: 'announcement.lists' }).catch(() => ({ lists: [] }));
      set({ lists, above });
    },
    showAnnounce() {
      set({ ...nothingBegun(), side: 'announce' });
      focus('select');
      const { lists } = ui();
      if (lists.length === 1) attempt(() => choose(lists[0].name));
    },
    draftAnnouncement: draft,
    /** @param {string} to */
    chooseList: (to) => attempt(() => choose(to)),
    announce() {
      const { count, title } = ui().announce;
      if (count === null || count <= ui().above) return send();
      set({ confirm: { title: t('announce.sure', { count }), hint: title, action: t('announce.do'), act: send } });
      focus('.confirm .secondary');
    },
    confirmReading: () => attempt(() => client.dispatch({ type: 'announcement.confirm', conversation: ui().conversation })),
    showRecipients() {
      set({ ...nothingBegun(), main: 'recipients' });
      focus('.main h2');
      return look(false);
    },
    lookAtRecipients: look,
  };
}
