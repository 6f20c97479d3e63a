/** A face, or initials on a colour that stays with the person. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icons } from './icons.js';
import { inquiriesOf } from '../state/offices.js';
import { otherOf } from '../state/select.js';

/** @import { Conversation, State } from '../types.js' */

const HUES = 12;
/** Of a direct one, only where the other person is gone. */
const DRAWN = { direct: icons.people, group: icons.people, self: icons.note, announcement: icons.announce, subject: icons.folder, inbox: icons.office, notes: icons.office };

/**
 * @typedef {{id: string, name: string, avatar?: string|null}} Face
 */

/** @param {Face} person @param {boolean} [online] adds a dot; the words stand elsewhere */
export function avatar(person, online = false) {
  return html`<span class="avatar hue-${hueOf(person.id)}" part="avatar" aria-hidden="true">
    ${initials(person.name)}
    ${person.avatar ? html`<img src=${person.avatar} alt="" loading="lazy" @error=${hide} />` : nothing}
    ${online ? html`<span class="dot"></span>` : nothing}
  </span>`;
}

/** @param {Conversation} conversation @param {State} state */
export function conversationAvatar(conversation, state) {
  const other = otherOf(conversation, state.me.id);
  if (other) return avatar(other, state.online[other.id] && !other.left);
  const writer = inquiriesOf(state).get(conversation.id)?.writer;
  if (writer) return avatar(writer, state.online[writer.id]);
  const drawn = DRAWN[conversation.kind];
  return html`<span class="avatar hue-${hueOf(conversation.id)}" aria-hidden="true">${drawn}</span>`;
}

/** @param {string} id */
function hueOf(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + /** @type {number} */ (letter.codePointAt(0))) >>> 0;
  return sum % HUES;
}

/** First letters of the first and the last word. @param {string} name */
function initials(name) {
  const words = name.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map((word) => [...word.replace(/^[^\p{L}\p{N}]+/u, '')][0]).join('').toLocaleUpperCase();
}

/** A picture that does not load leaves the initials. @param {Event} event */
function hide(event) {
  /** @type {HTMLElement} */ (event.target).hidden = true;
}
