/** The sheets of an open panel, made once for all elements of a page. */

import { composerRules } from './composer.js';
import { controlRules } from './controls.js';
import { listRules } from './list.js';
import { officeRules } from './office.js';
import { panelRules } from './panel.js';
import { sheet } from './base.js';
import { threadRules } from './thread.js';

/** @type {CSSStyleSheet[]|null} */
let made = null;

export function panelSheets() {
  made ??= [panelRules, controlRules, listRules, threadRules, composerRules, officeRules].map(sheet);
  return made;
}
