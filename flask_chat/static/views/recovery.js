/** The connection as a person follows it: a countdown while there is one, "Back online" once. */

import { isTroubled } from './banner.js';

/** @import { View } from '../types.js' */

const BACK_ONLINE_MS = 3_000;

export class Recovery {
  /** @type {any} */
  #tick = null;
  #troubled = false;
  #redraw;
  #restored;

  /** @param {{redraw: () => void, restored: (shown: boolean) => void}} ears */
  constructor({ redraw, restored }) {
    this.#redraw = redraw;
    this.#restored = restored;
  }

  /** @param {View} view */
  follow(view) {
    const { status } = view.state.connection;
    if (status === 'waiting' && view.ui.open) this.#tick ??= setInterval(this.#redraw, 1_000);
    else this.stop();
    if (isTroubled(view)) this.#troubled = true;
    else if (this.#troubled && status === 'live') this.#rejoice();
  }

  stop() {
    clearInterval(this.#tick);
    this.#tick = null;
  }

  #rejoice() {
    this.#troubled = false;
    this.#restored(true);
    setTimeout(() => this.#restored(false), BACK_ONLINE_MS);
  }
}
