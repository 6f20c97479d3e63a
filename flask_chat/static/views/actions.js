/**
 * Everything a person can do in the panel, by name. Going about in it is there from the beginning;
 * what is done in one part of it is fetched when it is first done.
 */

import { later } from './arriving.js';
import { navigation } from './navigation.js';

/**
 * @import { Client } from '../client.js'
 * @import { Translate } from '../i18n/translate.js'
 * @import { Pin, Ui } from '../types.js'
 * @import { acting } from './acting.js'
 * @import { announcing } from './announcing.js'
 * @import { belonging } from './belonging.js'
 * @import { handling } from './handling.js'
 * @import { Scrolling } from './scrolling.js'
 * @import { writing } from './writing.js'
 */

/**
 * What actions work with.
 * @typedef {object} Stage
 * @property {Client} client
 * @property {() => Ui} ui
 * @property {(patch: Partial<Ui>) => void} set changes what is shown, and draws
 * @property {Translate} t
 * @property {HTMLElement} root
 * @property {Pin|null} pin the one conversation there is
 * @property {Scrolling} scroll
 * @property {() => void} close
 * @property {(selector: string) => void} focus after the next drawing
 * @property {(work: () => Promise<any>) => Promise<any>} attempt says what went wrong
 *
 * @typedef {ReturnType<typeof navigation> & ReturnType<typeof writing> & ReturnType<typeof belonging> & ReturnType<typeof announcing> & ReturnType<typeof handling> & ReturnType<typeof acting> & {bringWriting: () => Promise<void>}} Actions
 */

const WRITING = /** @type {const} */ ([
  'send', 'stopEditing', 'closeMenu', 'write', 'composerKey', 'resend', 'discard', 'takeBack', 'sendHeld', 'toggleMenu', 'menuKey', 'copy', 'edit', 'askDelete',
]);
const ACTING = /** @type {const} */ (['press', 'beginWith', 'answer', 'run', 'deedKey', 'stopDeed']);
const BELONGING = /** @type {const} */ (['change', 'rename', 'addPicked', 'appoint', 'askRemove', 'askLeave']);
const ANNOUNCING = /** @type {const} */ ([
  'lookForLists', 'showAnnounce', 'draftAnnouncement', 'chooseList', 'announce', 'confirmReading', 'showRecipients', 'lookAtRecipients',
  'lookForReply',
]);
const HANDLING = /** @type {const} */ ([
  'showQueue', 'leaveQueue', 'showPart', 'sortQueue', 'refreshQueue', 'moreQueue', 'tabKey', 'openInquiry', 'take', 'give', 'putOff',
  'close_', 'askTransfer', 'toggleDesk', 'write_', 'showReplies', 'useReply',
]);

/** @param {Stage} stage @returns {Actions} */
export function actions(stage) {
  const { attempt, client } = stage;
  const going = navigation(stage);
  const { openConversation } = going;
  const written = later(attempt, () => import('./writing.js').then(({ writing }) => writing(stage)), WRITING);
  const acted = later(attempt, () => import('./acting.js').then(({ acting }) => acting({ ...stage, startSubject: going.startSubject })), ACTING);
  const belonged = later(attempt, () => import('./belonging.js').then(({ belonging }) => belonging(stage)), BELONGING);
  const told = later(attempt, () => import('./announcing.js').then(({ announcing }) => announcing(stage, { openConversation })), ANNOUNCING);
  const handled = later(attempt, () => import('./handling.js').then(({ handling }) => handling({ ...stage, openConversation })), HANDLING);
  return {
    ...going,
    ...written.verbs,
    ...belonged.verbs,
    ...told.verbs,
    ...handled.verbs,
    ...acted.verbs,
    /** The keys of the field where one writes are answered at once, so with it. */
    bringWriting: written.bring,
    showPeople() {
      going.showPeople();
      if (client.getSnapshot().features.announcements) told.verbs.lookForLists();
    },
  };
}
