/** Time that passes only when a test says so. */
export class Clock {
  now = 1_000_000;
  #count = 0;
  /** @type {Map<number, {at: number, call: () => void}>} */
  #timers = new Map();

  /** @param {() => void} call @param {number} ms */
  setTimeout = (call, ms) => {
    this.#timers.set(++this.#count, { at: this.now + ms, call });
    return this.#count;
  };

  /** @param {number} timer */
  clearTimeout = (timer) => {
    this.#timers.delete(timer);
  };

  /** Let this many milliseconds pass, and whatever was promised in them happen. @param {number} ms */
  async pass(ms) {
    const end = this.now + ms;
    await settled();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].call();
      await settled();
    }
    this.now = end;
  }

  /** Milliseconds until each timer that runs. */
  get waiting() {
    return [...this.#timers.values()].map((timer) => timer.at - this.now).sort((one, other) => one - other);
  }
}

/** All promises that can go on have gone on. */
export async function settled() {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
