/**
 * What is kept in this browser for a person. Own words wait in this tab, and nobody finds those of
 * somebody else. What one wants to be told by while nobody looks stays in the browser: nothing of it
 * was received, and it is nobody's business but theirs.
 */

/** @typedef {{desktop?: boolean, sound?: boolean, number?: boolean}} Wishes */

const WORDS = 'flask-chat:';
const WISHES = 'flask-chat-wishes:';

/** @param {string} user */
export function keyOf(user) {
  return WORDS + user;
}

/** @param {Storage|null} storage @param {string} user */
export function removeOthersWords(storage, user) {
  for (const key of Object.keys(storage ?? {})) {
    if (key.startsWith(WORDS) && key !== keyOf(user)) storage?.removeItem(key);
  }
}

/** @param {string} user @returns {Wishes|null} null where nothing is wanted */
export function wishesOf(user) {
  try {
    return JSON.parse(window.localStorage.getItem(WISHES + user) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} user @param {Wishes} wishes */
export function setWishes(user, wishes) {
  const any = Object.values(wishes).some(Boolean);
  try {
    if (any) window.localStorage.setItem(WISHES + user, JSON.stringify(wishes));
    else window.localStorage.removeItem(WISHES + user);
  } catch {
    // Where nothing may be kept, nothing is wanted.
  }
  window.dispatchEvent(new Event('flask-chat-wishes'));
}
