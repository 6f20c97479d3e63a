/** Whom the tabs behind one socket want to hear of: the server keeps one list for each socket. */

const MOST = 200;

export class Watching {
  /** @type {Map<string, string[]>} people by tab, the tab that asked last at the end */
  #wanted = new Map();

  /**
   * The same frame; where it names people, with those of the other tabs.
   * @param {string} tab
   * @param {any} frame
   */
  merged(tab, frame) {
    if (frame.type !== 'presence.watch') return frame;
    this.forget(tab);
    this.#wanted.set(tab, frame.data.people);
    const people = [...this.#wanted.values()].reverse().flat();
    return { ...frame, data: { people: [...new Set(people)].slice(0, MOST) } };
  }

  /** @param {string} tab one that has been closed */
  forget(tab) {
    this.#wanted.delete(tab);
  }
}
