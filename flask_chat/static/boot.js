/**
 * For hosts that can only name a script: asks who is signed in, and puts the element into the page.
 * Whoever is not signed in gets nothing. `web/static.py` serves the few words that import this.
 */

import './widget.js';

const SESSION = new URL('../../api/session', import.meta.url);

/** One that floats; the thread of a record is something else. */
const isThere = () => document.querySelector('flask-chat:not([conversation], [subject])') !== null;

async function place() {
  if (isThere()) return;
  const answer = await fetch(SESSION, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (!answer?.ok) return;
  const boot = await answer.text();
  if (isThere()) return;
  const element = document.createElement('flask-chat');
  element.setAttribute('boot', boot);
  document.body.append(element);
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', place, { once: true });
else place();

// Turbo exchanges the body without loading the page, and the element goes with the old one.
document.addEventListener('turbo:load', place);
