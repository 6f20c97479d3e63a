/** Announcing, confirming that one has read, and looking who has. */

import { nothingBegun } from './ui.js';

/**
 * @import { Ui } from '../types.js'
 * @import { Stage } from './actions.js'
 */

/** What a table shows at first, and what the server gives at once. */
const PAGE = 100;
const PAGE_MAX = 500;
const EVERY_MS = 4_000;

/** @param {Stage} stage @param {{openConversation: (id: string) => void}} to where it leads */
export function announcing({ client, ui, set, t, root, focus, attempt }, { openConversation }) {
  /** @type {any} */
  let watching = null;

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

  /** The table follows while somebody looks at it. */
  function keepLooking() {
    watching ??= setInterval(() => {
      const { open, main } = ui();
      if (open && main === 'recipients' && root.isConnected) return document.visibilityState === 'visible' && refresh();
      clearInterval(watching);
      watching = null;
    }, EVERY_MS);
  }

  /** What is shown of the table, as it is now; nobody has asked, so nothing is said if it fails. */
  async function refresh() {
    const { conversation, report, busy } = ui();
    if (!report || busy) return;
    const limit = Math.min(PAGE_MAX, Math.max(PAGE, report.recipients.length));
    const asked = { conversation, missing: report.missing, after: null, limit };
    const page = await client.dispatch({ type: 'announcement.recipients', ...asked }).catch(() => null);
    if (page && ui().report === report) set({ report: { ...page, missing: report.missing, ...beyond(report, page) } });
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
      keepLooking();
      return look(false);
    },
    lookAtRecipients: look,
    /** Whom the private answer to an announcement would go to. @param {string} conversation */
    async lookForReply(conversation) {
      set({ reply: { conversation, to: null } });
      const to = await client.dispatch({ type: 'announcement.reply', conversation }).catch(() => null);
      if (ui().conversation === conversation) set({ reply: { conversation, to } });
    },
  };
}

/** What was loaded beyond a page stays as it was. @param {import('../types.js').Report} report @param {import('../types.js').Report} page */
function beyond(report, page) {
  const known = new Set(page.recipients.map((one) => one.id));
  if (!page.next || report.recipients.length <= page.recipients.length) return {};
  const rest = report.recipients.slice(page.recipients.length).filter((one) => !known.has(one.id));
  return { recipients: [...page.recipients, ...rest], next: report.next };
}
