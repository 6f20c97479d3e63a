/** Pages of the panel that opening it does not need: fetched when they are first shown. */

import { html } from '../vendor/lit-html/lit-html.js';
import { header } from './header.js';
import { failure, skeleton } from './placeholders.js';

/** @import { View } from '../types.js' */

/**
 * A template that arrives: grey shapes until then, and a way to try again if it does not.
 *
 *     const details = arriving(() => import('./details.js').then((module) => module.detailsPage));
 *
 * @param {() => Promise<(view: View) => unknown>} fetch
 * @returns {(view: View) => unknown}
 */
export function arriving(fetch) {
  /** @type {((view: View) => unknown)|null} */
  let template = null;
  /** @type {'none'|'coming'|'failed'} */
  let status = 'none';

  /** @param {View} view */
  async function bring(view) {
    status = 'coming';
    try {
      template = await fetch();
    } catch {
      status = 'failed';
    }
    view.act.set({});
  }

  return (view) => {
    if (template) return template(view);
    if (status === 'none') bring(view);
    if (status === 'failed') return failed(view, () => bring(view));
    return html`<div class="scroll" data-arriving>${skeleton(view.t, 'people')}</div>`;
  };
}

/** @param {View} view @param {() => void} retry */
function failed(view, retry) {
  const { t, act } = view;
  return html`${header(view, { title: t('panel.title'), back: () => act.showList() })}
    <div class="scroll">${failure(t, t('part.failed'), retry)}</div>`;
}
