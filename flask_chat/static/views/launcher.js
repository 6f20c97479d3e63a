/** The round button. Plain DOM: a closed widget needs no templates. */

/**
 * @import { Translate } from '../i18n/translate.js'
 * @typedef {{open: boolean, busy: boolean, unread: number, failed: boolean}} Look
 */

const SVG = 'http://www.w3.org/2000/svg';
const BUBBLE = 'M12 4c5 0 8.5 3.2 8.5 7.4s-3.5 7.4-8.5 7.4c-1 0-2-.1-2.9-.4L4.5 20l1.2-3.7c-1.4-1.3-2.2-3-2.2-4.9C3.5 7.2 7 4 12 4z';
/** More is shown, and said, as "99+". */
const MOST = 99;
const CROSS = 'M6 6l12 12M18 6L6 18';

export class Launcher {
  element = document.createElement('button');
  #badge = document.createElement('span');
  /** What went wrong with the opening. */
  note = document.createElement('p');
  #t;
  /** @type {Look} */
  #look = { open: false, busy: false, unread: 0, failed: false };
  #shown = '';

  /** @param {Translate} t @param {() => void} onClick */
  constructor(t, onClick) {
    this.#t = t;
    this.element.className = 'launcher';
    this.element.setAttribute('part', 'launcher');
    this.element.addEventListener('click', onClick);
    for (const sign of ['pointerenter', 'focus']) this.element.addEventListener(sign, expectPanel, { once: true });
    this.#badge.className = 'launcher-badge';
    this.#badge.setAttribute('part', 'badge');
    this.#badge.setAttribute('aria-hidden', 'true');
    this.note.className = 'launcher-note';
    this.note.setAttribute('role', 'status');
    this.element.append(drawing('shut', BUBBLE), drawing('opened', CROSS), this.#badge);
    this.#redraw();
  }

  /** What goes into the page. */
  get nodes() {
    return [this.note, this.element];
  }

  /** From here on in this language. @param {Translate} t */
  speak(t) {
    this.#t = t;
    this.#redraw();
  }

  get #label() {
    const { open, unread } = this.#look;
    if (open) return this.#t('launcher.close');
    if (!unread) return this.#t('launcher.open');
    return this.#t('launcher.unread', { count: unread > MOST ? `${this.#t.number(MOST)}+` : unread });
  }

  /** @param {Look} look */
  draw(look) {
    this.#look = look;
    // Open, it counts nothing.
    const shown = [look.open || look.unread, look.busy, look.failed].join();
    if (shown !== this.#shown) this.#redraw();
    this.#shown = shown;
  }

  #redraw() {
    const { open, busy, unread, failed } = this.#look;
    const t = this.#t;
    this.element.setAttribute('aria-label', this.#label);
    this.element.setAttribute('aria-expanded', String(open));
    this.element.toggleAttribute('aria-busy', busy);
    this.#badge.hidden = open || !unread;
    if (!this.#badge.hidden) this.#badge.textContent = unread > MOST ? `${t.number(MOST)}+` : t.number(unread);
    this.note.textContent = failed ? t('launcher.failed') : '';
    this.note.hidden = !failed;
  }
}

/** Under way before the click. */
function expectPanel() {
  import('./panel.js').catch(() => {});
}

/** @param {string} name @param {string} path */
function drawing(name, path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon ${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
