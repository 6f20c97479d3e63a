/**
 * Which rows of a long history are drawn, and where the reader stands in them.
 *
 * At most LIMIT rows are in the page. At the end the newest is followed; anywhere else what one
 * reads stays where it is, whatever is drawn above or below it. Nothing scrolls by itself.
 */

import { indexOf } from '../state/rows.js';

/** @import { Message } from '../types.js' */

const LIMIT = 96;
const TAIL = 40;
/** Drawn at once while somebody scrolls: more would hold up the scrolling on a slow phone. */
const STEP = 24;
/** Above the line of new messages. */
const ABOVE = 40;
/** So close to an edge, in pixels, more is drawn or loaded. */
const MARGIN = 600;
const AT_END = 40;

export class Scrolling {
  /** Whether the end is in view and stays so. */
  follows = true;
  /** Others' messages that arrived below. */
  news = 0;
  /** @type {number|null} seq of the first row drawn */
  #first = null;
  /** @type {number|null} newest seq that has been at the end of the view */
  #reached = null;
  #toLine = false;
  #from = 0;
  #to = 0;
  /** @type {Message[]} */
  #rows = [];
  /** @type {HTMLElement|null} */
  #box = null;
  /** @type {{row: Element, top: number}|null} what one is reading */
  #anchor = null;
  #me;
  #redraw;
  #loadOlder;
  #moved;

  /** @param {{me: string, redraw: () => void, loadOlder: () => void, moved: () => void}} ears */
  constructor({ me, redraw, loadOlder, moved }) {
    this.#me = me;
    this.#redraw = redraw;
    this.#loadOlder = loadOlder;
    this.#moved = moved;
  }

  /** Another conversation. */
  reset() {
    this.follows = true;
    this.news = 0;
    this.#first = this.#reached = this.#anchor = null;
    this.#rows = [];
    this.#from = this.#to = 0;
    this.#toLine = true;
  }

  /** A person wants the newest. */
  toEnd() {
    this.follows = true;
    this.#toLine = false;
    this.#redraw();
  }

  /**
   * The rows to draw now.
   * @param {Message[]} rows
   * @param {number|null} line
   */
  window(rows, line) {
    this.#rows = rows;
    this.#begin(rows, line);
    const start = this.#first === null ? 0 : indexOf(rows, this.#first);
    const far = rows.length - start > LIMIT;
    this.#from = this.follows && far ? Math.max(0, rows.length - TAIL) : Math.min(start, Math.max(0, rows.length - 1));
    this.#first = rows[this.#from]?.seq ?? null;
    this.#to = Math.min(rows.length, this.#from + LIMIT);
    this.#countNews();
    return { from: this.#from, to: this.#to };
  }

  /** Before drawing: remember what is being read. @param {HTMLElement|null} box the scrolling element */
  before(box) {
    this.#box = box;
    this.#anchor = box && !this.follows ? firstVisible(box) : null;
  }

  /** After drawing: put it back where it was. @param {HTMLElement|null} box */
  after(box) {
    this.#box = box;
    if (!box || !this.#rows.length) return;
    const line = this.#toLine ? /** @type {HTMLElement|null} */ (box.querySelector('[data-line]')) : null;
    this.#toLine = false;
    if (line) this.#showLine(box, line);
    else if (this.follows) box.scrollTop = box.scrollHeight;
    else if (this.#anchor?.row.isConnected) box.scrollTop += topOf(this.#anchor.row) - this.#anchor.top;
    this.#extend(box);
  }

  /** The box has changed its size. */
  resized() {
    if (this.#box && this.follows) this.#box.scrollTop = this.#box.scrollHeight;
  }

  scrolled = () => {
    const box = this.#box;
    if (!box?.clientHeight || !this.#rows.length) return;
    const follows = this.#to === this.#rows.length && below(box) < AT_END;
    const changed = follows !== this.follows;
    this.follows = follows;
    this.#extend(box);
    if (changed) this.#redraw();
    this.#moved();
  };

  /** @param {Message[]} rows @param {number|null} line */
  #begin(rows, line) {
    if (this.#first !== null || !rows.length) return;
    const tail = rows.length - TAIL;
    const from = line === null ? tail : Math.min(tail, indexOf(rows, line + 1) - ABOVE);
    this.#first = rows[Math.max(0, from)].seq;
    this.#reached = line ?? rows[rows.length - 1].seq;
    // Who wrote before the history came stands at the end, not at the line.
    if (line !== null && this.#toLine) this.follows = false;
  }

  #countNews() {
    const last = this.#rows[this.#rows.length - 1]?.seq ?? null;
    if (this.follows) this.#reached = last;
    this.news = 0;
    for (let at = this.#rows.length - 1; at >= 0 && this.#rows[at].seq > (this.#reached ?? 0); at--) {
      if (!this.#rows[at].deleted && this.#rows[at].author?.id !== this.#me) this.news++;
    }
  }

  /** @param {HTMLElement} box @param {HTMLElement} line */
  #showLine(box, line) {
    box.scrollTop = line.offsetTop - box.clientHeight / 4;
    const follows = this.#to === this.#rows.length && below(box) < AT_END;
    if (follows !== this.follows) {
      this.follows = follows;
      this.#redraw();
    }
  }

  /** More rows before the reader gets there. @param {HTMLElement} box */
  #extend(box) {
    if (!box.clientHeight || !this.#rows.length) return;
    if (box.scrollTop < MARGIN && this.#from > 0) this.#move(-STEP);
    else if (below(box) < MARGIN && this.#to < this.#rows.length) this.#move(STEP);
    else if (box.scrollTop < MARGIN) this.#loadOlder();
  }

  /** @param {number} rows */
  #move(rows) {
    if (rows < 0 && this.follows && this.#rows.length - this.#from + STEP > LIMIT) return;
    this.#first = this.#rows[Math.max(0, this.#from + rows)].seq;
    this.#redraw();
  }
}

/** @param {HTMLElement} box pixels below what is in view */
function below(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}

/** @param {HTMLElement} box */
function firstVisible(box) {
  const edge = box.getBoundingClientRect().top;
  for (const row of box.querySelectorAll('.rows > [data-seq]')) {
    if (row.getBoundingClientRect().bottom > edge) return { row, top: topOf(row) };
  }
  return null;
}

/** @param {Element} row */
function topOf(row) {
  return row.getBoundingClientRect().top;
}
