/** Full jitter: a random moment up to a doubling bound, so that a thousand clients spread out. */
export class Backoff {
  #tries = 0;
  #random;

  /** @param {() => number} random */
  constructor(random) {
    this.#random = random;
  }

  /** Milliseconds until the next try. */
  next() {
    return this.#random() * Math.min(30_000, 1_000 * 2 ** this.#tries++);
  }

  reset() {
    this.#tries = 0;
  }
}
