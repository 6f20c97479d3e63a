/** What waits for the end of somebody's quiet hours: until when, and what its author can do. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';
import { problemText } from './names.js';

/**
 * @import { Translate } from '../i18n/translate.js'
 * @import { Held, Quiet, View } from '../types.js'
 */

const WEEK_MS = 6 * 86_400_000;

/** Under its words. @param {View} view @param {Held} held */
export function heldNote(view, held) {
  const { t, act } = view;
  const refused = held.state === 'refused';
  const words = refused ? `${t('message.failed')} ${problemText(held, t)}` : until(held.due_at, t);
  return html`<div class="meta ${refused ? 'danger' : ''}" role="status">
    ${refused ? icons.alert : icons.clock}<span>${words}</span>
    <span class="remedies">
      ${refused || held.may_send ? html`<button class="link" @click=${() => act.sendHeld(held)}>${t(refused ? 'retry' : 'held.send')}</button>` : nothing}
      <button class="link" @click=${() => act.takeBack(held)}>${t('cancel')}</button>
    </span>
  </div>`;
}

/** Before one writes. @param {View} view @param {Quiet} quiet */
export function quietHint({ t }, quiet) {
  return html`<p class="office-hint">${quiet.reason} ${until(quiet.until, t)}</p>`;
}

/** "Will be delivered Monday, 07:00." @param {string|null} moment @param {Translate} t */
function until(moment, t) {
  if (!moment) return t('held.someday');
  const then = new Date(moment);
  const far = then.getTime() - Date.now() > WEEK_MS;
  /** @type {Intl.DateTimeFormatOptions} */
  const day = far ? { day: 'numeric', month: 'long' } : { weekday: 'long' };
  const when = new Intl.DateTimeFormat(t.language, { ...day, hour: 'numeric', minute: '2-digit' }).format(then);
  return t('held.until', { when });
}
