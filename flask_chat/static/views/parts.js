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
  /** @type {Set<View['act']>} the elements of the page that wait for it */
  const waiting = new Set();

  async function bring() {
    coming = true;
    try {
      module = await fetch();
    } catch {
      // The next drawing tries again.
    }
    coming = false;
    if (module) for (const act of waiting) act.set({});
    waiting.clear();
  }

  return (view) => {
    if (module) return module;
    waiting.add(view.act);
    if (!coming) bring();
    return module;
  };
}
