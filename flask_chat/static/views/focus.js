/** Where the focus goes: only ever after something a person did, and kept when an element is swapped. */

export class Focus {
  /** Whether somebody is in the panel with it. */
  within = false;
  /** @type {string|null} */
  #wanted = null;
  #place;

  /** @param {HTMLElement} place @param {AbortSignal} signal */
  constructor(place, signal) {
    this.#place = place;
    place.addEventListener('focusin', () => (this.within = true), { signal });
    // A moment later: what is taken out of the page with its element had the focus until then.
    place.addEventListener('focusout', () => setTimeout(() => (this.within = place.matches(':focus-within'))), { signal });
  }

  /** After the next drawing. @param {string} selector */
  want(selector) {
    this.#wanted = selector;
  }

  /** Where a page is still to come, once it is there. */
  give() {
    if (!this.#wanted || this.#place.querySelector('[data-arriving]')) return;
    const wanted = this.#visible(this.#wanted) ?? this.#visible('h2');
    this.#wanted = null;
    wanted?.focus({ preventScroll: true });
  }

  /** @param {string} selector @returns {HTMLElement|undefined} */
  #visible(selector) {
    return [...this.#place.querySelectorAll(selector)].map((each) => /** @type {HTMLElement} */ (each)).find((each) => each.getClientRects().length);
  }
}
