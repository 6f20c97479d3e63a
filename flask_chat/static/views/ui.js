/** What is open, picked and begun: pure, beside the state of the chat. */

/** @import { Ui } from '../types.js' */

/** @returns {Ui} */
export function initialUi() {
  return { open: false, side: 'list', main: 'none', conversation: null, listQuery: '', listShown: 100, unfolded: {}, restored: false, lists: [], above: 0, reply: null, added: [], queue: { inbox: null, part: 'new', order: null }, ...nothingBegun() };
}

/** What ends whenever a person turns to another page. */
export function nothingBegun() {
  return {
    peopleQuery: '',
    picked: /** @type {Ui['picked']} */ ([]),
    title: '',
    adding: false,
    renaming: false,
    menu: null,
    editing: null,
    confirm: null,
    announce: { to: '', count: null, title: '', body: '', confirm: false },
    report: null,
    problem: null,
    busy: false,
    noting: null,
    desk: null,
    replies: null,
    deed: /** @type {Ui['deed']} */ (null),
  };
}
