/**
 * What a person wants to be told by while nobody looks at the chat. Kept in this browser, for this
 * person: nothing of it was received, and it is nobody's business but theirs.
 */

/** @typedef {{desktop?: boolean, sound?: boolean, number?: boolean}} Wishes */

const PREFIX = 'flask-chat-wishes:';

/** @param {string} user @returns {Wishes|null} null where nothing is wanted */
export function wishesOf(user) {
  try {
    return JSON.parse(window.localStorage.getItem(PREFIX + user) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} user @param {Wishes} wishes */
export function setWishes(user, wishes) {
  const any = Object.values(wishes).some(Boolean);
  try {
    if (any) window.localStorage.setItem(PREFIX + user, JSON.stringify(wishes));
    else window.localStorage.removeItem(PREFIX + user);
  } catch {
    // Where nothing may be kept, nothing is wanted.
  }
  window.dispatchEvent(new Event('flask-chat-wishes'));
}
