/** Pieces of a page that few people see: fetched when one of them first does. */

/** @import { View } from '../types.js' */

/**
 *     const officeParts = parts(() => import('./office.js'));
 *
 * @template Module
 * @param {() => Promise<Module>} fetch
 * @returns {(view: View) => Module|null} null until it is there
 */
export function parts(fetch) {
  /** @type {Module|null} */
  let module = null;
  let coming = false;

  /** @param {View} view */
  async function bring(view) {
    coming = true;
    try {
      module = await fetch();
    } catch {
      // The next drawing tries again.
    }
    coming = false;
    if (module) view.act.set({});
  }

  return (view) => {
    if (!module && !coming) bring(view);
    return module;
  };
}
