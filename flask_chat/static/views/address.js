/** The open conversation in the page's address: `#conversation=3`, for reload, back and links. */

/**
 * @import { Ui } from '../types.js'
 * @import { Actions } from './actions.js'
 */

export class Address {
  /** @type {string|null} */
  #named = null;
  #act;

  /** @param {Pick<Actions, 'look'|'openConversation'|'showList'>} act @param {AbortSignal} signal */
  constructor(act, signal) {
    this.#act = act;
    window.addEventListener('popstate', () => this.#obey((id) => act.openConversation(id)), { signal });
    // Nobody has done anything yet, so the focus stays where it is.
    this.#obey((id) => act.look(id));
  }

  /** What a person has opened or left is one step of theirs. @param {Ui} ui */
  follow({ main, conversation }) {
    const open = main === 'none' ? null : conversation;
    if (open === this.#named) return;
    this.#named = open;
    history.pushState(history.state, '', open ? `#conversation=${encodeURIComponent(open)}` : location.pathname + location.search);
  }

  /** @param {(id: string) => void} show */
  #obey(show) {
    const wanted = new URLSearchParams(location.hash.slice(1)).get('conversation');
    if (wanted === this.#named) return;
    this.#named = wanted;
    if (wanted) show(wanted);
    else this.#act.showList();
  }
}
