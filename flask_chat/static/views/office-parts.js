/** What only the staff of an office see in a thread: fetched when they first do. */

/** @import { View } from '../types.js' */

/** @type {typeof import('./office.js')|null} */
let parts = null;
let coming = false;

/** @param {View} view */
export function officeParts(view) {
  if (!parts && !coming) {
    coming = true;
    import('./office.js')
      .then((module) => (parts = module))
      .catch(() => {})
      .finally(() => {
        coming = false;
        if (parts) view.act.set({});
      });
  }
  return parts;
}
