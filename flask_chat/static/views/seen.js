/** What has been read: a row in the window for half a second, in a visible tab and an open panel. */

const SEEN_MS = 500;

export class Seen {
  /** @type {any} */
  #timer = null;
  #find;
  #tell;

  /**
   * @param {() => HTMLElement|null} find the scrolling element, null while nobody can see it
   * @param {(seq: number) => void} tell
   */
  constructor(find, tell) {
    this.#find = find;
    this.#tell = tell;
  }

  /** Something was drawn, scrolled, or came into view. */
  look() {
    if (this.#timer !== null) return;
    const seq = this.#lastVisible();
    if (seq) this.#timer = setTimeout(() => this.#confirm(seq), SEEN_MS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** @param {number} seq */
  #confirm(seq) {
    this.#timer = null;
    const still = this.#lastVisible();
    if (still) this.#tell(Math.min(seq, still));
    if (still > seq) this.look();
  }

  #lastVisible() {
    const box = this.#find();
    if (!box || document.visibilityState !== 'visible') return 0;
    const frame = inWindow(box.getBoundingClientRect());
    if (frame.height <= 0) return 0;
    const rows = box.querySelectorAll('.rows > [data-seq]');
    for (let at = rows.length - 1; at >= 0; at--) {
      if (isSeen(rows[at].getBoundingClientRect(), frame)) return Number(/** @type {HTMLElement} */ (rows[at]).dataset.seq);
    }
    return 0;
  }
}

/** In a page of the host's the messages may be below the fold. @param {DOMRect} box */
function inWindow(box) {
  const top = Math.max(box.top, 0);
  const bottom = Math.min(box.bottom, window.innerHeight);
  return { top, bottom, height: bottom - top };
}

/** Its end is in view, or it fills most of the view. @param {DOMRect} row @param {{top: number, bottom: number, height: number}} frame */
function isSeen(row, frame) {
  if (row.bottom <= frame.bottom + 8) return row.bottom > frame.top;
  return row.top < frame.top + frame.height / 4;
}
