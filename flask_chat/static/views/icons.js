/** Icons, drawn with the current text colour; always beside words or inside a button with a name. */

import { html, svg } from '../vendor/lit-html/lit-html.js';

/** @import { TemplateResult } from '../vendor/lit-html/lit-html.js' */

/** @param {TemplateResult} strokes */
const icon = (strokes) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${strokes}</svg>`;

export const icons = {
  close: icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`),
  back: icon(svg`<path class="flips" d="M15 5l-7 7 7 7"/>`),
  plus: icon(svg`<path d="M12 5v14M5 12h14"/>`),
  compose: icon(svg`<path d="M12 20h8M16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1 1-4z"/>`),
  search: icon(svg`<circle cx="11" cy="11" r="6.5"/><path d="M16 16l4 4"/>`),
  send: icon(svg`<path class="flips" d="M4.5 12h8M4.6 4.7l15 7.3-15 7.3 2-7.3z"/>`),
  more: icon(svg`<g class="solid"><circle cx="5.5" cy="12" r="1.6"/><circle cx="12" cy="12" r="1.6"/><circle cx="18.5" cy="12" r="1.6"/></g>`),
  info: icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>`),
  people: icon(svg`<circle cx="9" cy="8.5" r="3.5"/><path d="M2.8 19.5c.6-3.4 3-5 6.2-5s5.6 1.6 6.2 5M16 5.3a3.5 3.5 0 0 1 0 6.4M18.2 14.9c1.7.8 2.7 2.3 3 4.6"/>`),
  folder: icon(svg`<path d="M3.5 6.5h6l2 2.5h9v10h-17z"/>`),
  lock: icon(svg`<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>`),
  note: icon(svg`<path d="M7 4h10v16l-5-4-5 4z"/>`),
  announce: icon(svg`<path class="flips" d="M4 10v4h3l9 4.5v-13L7 10zM7.5 14l1.5 5h2.5L10 14.8M19 9.5a4 4 0 0 1 0 5"/>`),
  chat: icon(svg`<path d="M12 4c5 0 8.5 3.2 8.5 7.4s-3.5 7.4-8.5 7.4c-1 0-2-.1-2.9-.4L4.5 20l1.2-3.7c-1.4-1.3-2.2-3-2.2-4.9C3.5 7.2 7 4 12 4z"/>`),
  sent: icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`),
  read: icon(svg`<path d="M2.5 12.5L7 17l8.5-9.5M11.5 15.5L13 17l8.5-9.5"/>`),
  clock: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>`),
  alert: icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V13M12 16v.01"/>`),
  down: icon(svg`<path d="M12 5v14M6 13l6 6 6-6"/>`),
  forward: icon(svg`<path class="flips" d="M9 5l7 7-7 7"/>`),
  pin: icon(svg`<path d="M9 4h6l-1 6 3 3H7l3-3zM12 13v7"/>`),
  bell: icon(svg`<path d="M6 16.5h12M7.5 16V10.5a4.5 4.5 0 0 1 9 0V16M10.5 19.5h3"/>`),
  muted: icon(svg`<path d="M6 16.5h12M7.5 16V10.5a4.5 4.5 0 0 1 9 0V16M10.5 19.5h3M4 4l16 16"/>`),
  archive: icon(svg`<path d="M4 5h16v4H4zM5.5 9v10h13V9M10 13h4"/>`),
  leave: icon(svg`<path class="flips" d="M14 4H5v16h9M10 12h10M17 8.5l3.5 3.5-3.5 3.5"/>`),
  crown: icon(svg`<path d="M4 8l3.5 3L12 5l4.5 6L20 8l-1.5 10h-13z"/>`),
  copy: icon(svg`<path d="M9 9h11v11H9zM5 15H4V4h11v1"/>`),
  trash: icon(svg`<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13"/>`),
  office: icon(svg`<path d="M4 20V6l8-3 8 3v14M2.5 20h19M8.5 9.5h2M13.5 9.5h2M8.5 13.5h2M13.5 13.5h2M10 20v-3h4v3"/>`),
  unfold: icon(svg`<path d="M6 9.5l6 6 6-6"/>`),
  sort: icon(svg`<path d="M7 5v14M3.5 15.5L7 19l3.5-3.5M14 6h6.5M14 11h5M14 16h3.5"/>`),
  again: icon(svg`<path d="M19 8a8 8 0 1 0 1 5M19.5 3.5V8H15"/>`),
  reply: icon(svg`<path d="M5 5h14v10H9l-4 4zM8.5 8.5h7M8.5 11.5h4.5"/>`),
  check: icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`),
};
