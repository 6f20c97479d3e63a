/** Where own words wait in this tab, and that nobody finds the words of somebody else. */

const PREFIX = 'flask-chat:';

/** @param {string} user */
export function keyOf(user) {
  return PREFIX + user;
}

/** @param {Storage|null} storage @param {string} user */
export function removeOthersWords(storage, user) {
  for (const key of Object.keys(storage ?? {})) {
    if (key.startsWith(PREFIX) && key !== keyOf(user)) storage?.removeItem(key);
  }
}
