/** The words of a message: text nodes and links, never markup. */

import { html } from '../vendor/lit-html/lit-html.js';
import { segments } from './segments.js';

/** @param {string} body */
export function words(body) {
  return segments(body).map(({ text, href }) =>
    href ? html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${text}</a>` : text,
  );
}
