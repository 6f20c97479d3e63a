/** Everything a person can do in the panel, by name. */

import { belonging } from './belonging.js';
import { navigation } from './navigation.js';
import { writing } from './writing.js';

/**
 * What actions work with.
 * @typedef {object} Stage
 * @property {import('../client.js').Client} client
 * @property {() => import('../types.js').Ui} ui
 * @property {(patch: Partial<import('../types.js').Ui>) => void} set changes what is shown, and draws
 * @property {import('../i18n/translate.js').Translate} t
 * @property {HTMLElement} root
 * @property {import('./scrolling.js').Scrolling} scroll
 * @property {() => void} close
 * @property {(selector: string) => void} focus after the next drawing
 * @property {(work: () => Promise<any>) => Promise<any>} attempt says what went wrong
 *
 * @typedef {ReturnType<typeof navigation> & ReturnType<typeof writing> & ReturnType<typeof belonging>} Actions
 */

/** @param {Stage} stage @returns {Actions} */
export function actions(stage) {
  return { ...navigation(stage), ...writing(stage), ...belonging(stage) };
}
