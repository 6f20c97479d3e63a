/** What opening the panel does not need: pages that are fetched when first shown, verbs when first used. */

import { html } from '../vendor/lit-html/lit-html.js';
import { header } from './header.js';
import { failure, skeleton } from './placeholders.js';

/** @import { View } from '../types.js' */

/**
 * A template that arrives: grey shapes until then, and a way to try again if it does not.
 *
 *     const details = arriving(() => import('./details.js').then((module) => module.detailsPage));
 *
 * @param {(view: View) => Promise<(view: View) => unknown>} fetch
 * @param {'people'|'thread'} [shape]
 * @returns {(view: View) => unknown}
 */
export function arriving(fetch, shape = 'people') {
  /** @type {WeakMap<View['act'], ((view: View) => unknown)|'coming'|'failed'>} each element of a page has its own looks and verbs */
  const there = new WeakMap();

  /** @param {View} view */
  async function bring(view) {
    there.set(view.act, 'coming');
    try {
      there.set(view.act, await fetch(view));
    } catch {
      there.set(view.act, 'failed');
    }
    view.act.set({});
  }

  return (view) => {
    const template = there.get(view.act);
    if (typeof template === 'function') return template(view);
    if (!template) bring(view);
    if (template === 'failed') return failed(view, () => bring(view));
    return html`<div class="scroll" data-arriving>${skeleton(view.t, shape)}</div>`;
  };
}

/** @param {View} view @param {() => void} retry */
function failed(view, retry) {
  const { t, act } = view;
  return html`${header(view, { title: t('panel.title'), back: () => act.showList() })}
    <div class="scroll">${failure(t, t('part.failed'), retry)}</div>`;
}

/**
 * Verbs that can be called at once: the first of them fetches all. Until they are there a verb must
 * not need the event any more, whose turn is over when they come.
 *
 * @template {Record<string, (...given: any[]) => any>} Verbs
 * @template {keyof Verbs} Name
 * @param {(work: () => Promise<any>) => Promise<any>} attempt says what went wrong
 * @param {() => Promise<Verbs>} fetch
 * @param {readonly Name[]} names
 */
export function later(attempt, fetch, names) {
  /** @type {Verbs|null} */
  let there = null;
  const bring = async () => void (there ??= await fetch());
  const call = (/** @type {Name} */ name) => (/** @type {any[]} */ ...given) =>
    there ? there[name](...given) : attempt(bring).then(() => there?.[name](...given));
  const verbs = /** @type {Pick<Verbs, Name>} */ (Object.fromEntries(names.map((name) => [name, call(name)])));
  return { verbs, bring };
}
