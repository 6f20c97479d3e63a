/** Everything a person can do in the panel, by name. */

import { acting } from './acting.js';
import { announcing } from './announcing.js';
import { belonging } from './belonging.js';
import { handling } from './handling.js';
import { navigation } from './navigation.js';
import { writing } from './writing.js';

/**
 * @import { Client } from '../client.js'
 * @import { Translate } from '../i18n/translate.js'
 * @import { Pin, Ui } from '../types.js'
 * @import { Scrolling } from './scrolling.js'
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
 * @typedef {ReturnType<typeof navigation> & ReturnType<typeof writing> & ReturnType<typeof belonging> & ReturnType<typeof announcing> & ReturnType<typeof handling> & ReturnType<typeof acting>} Actions
 */

/** @param {Stage} stage @returns {Actions} */
export function actions(stage) {
  const going = navigation(stage);
  const telling = announcing(stage, going);
  return {
    ...going,
    ...writing(stage),
    ...belonging(stage),
    ...acting(stage),
    ...telling,
    ...handling({ ...stage, openConversation: going.openConversation }),
    showPeople() {
      going.showPeople();
      telling.lookForLists();
    },
  };
}
