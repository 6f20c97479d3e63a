/** Sizes that CSS cannot know: the soft keyboard, the growing field; and where the Tab key may go on a phone. */

const NARROW = '(max-width: 480px)';
const FIELD_MAX = 160;
/** Of a menu, to its button and to the edges of the panel. */
const GAP = 4;
const EDGE = 8;

export class Viewport {
  #stopping = new AbortController();
  /** @type {Element|null} */
  #box = null;
  #observer;
  #root;
  #narrow = window.matchMedia(NARROW);

  /** @param {HTMLElement} root @param {() => void} onResize of the messages */
  constructor(root, onResize) {
    this.#root = root;
    this.#observer = new ResizeObserver(onResize);
    const { signal } = this.#stopping;
    const measure = () => this.#measure();
    window.visualViewport?.addEventListener('resize', measure, { signal });
    window.visualViewport?.addEventListener('scroll', measure, { signal });
    measure();
  }

  /** @param {Element|null} panel @param {Element|null} box @param {HTMLTextAreaElement|null} field */
  follow(panel, box, field) {
    const modal = this.#narrow.matches && panel?.getAttribute('role') === 'dialog';
    if (modal) panel?.setAttribute('aria-modal', 'true');
    else panel?.removeAttribute('aria-modal');
    if (box !== this.#box) {
      this.#observer.disconnect();
      if (box) this.#observer.observe(box);
      this.#box = box;
    }
    if (field) grow(field);
    this.placeMenu();
  }

  /** An open menu beside its button, whole in the panel however small that is. */
  placeMenu() {
    const menu = /** @type {HTMLElement|null} */ (this.#root.querySelector('.menu'));
    const panel = menu?.closest('.panel')?.getBoundingClientRect();
    const button = menu?.previousElementSibling?.getBoundingClientRect();
    if (!menu || !panel || !button) return;
    // What `fixed` is measured from differs between browsers and pages: the menu says where that is.
    menu.style.setProperty('top', '0');
    menu.style.setProperty('left', '0');
    const origin = menu.getBoundingClientRect();
    const below = button.bottom + GAP + origin.height <= panel.bottom - EDGE;
    const top = below ? button.bottom + GAP : button.top - GAP - origin.height;
    const left = getComputedStyle(menu).direction === 'rtl' ? button.left : button.right - origin.width;
    menu.style.setProperty('top', `${(between(panel.top, top, panel.bottom - origin.height) - origin.top) / this.#zoom}px`);
    menu.style.setProperty('left', `${(between(panel.left, left, panel.right - origin.width) - origin.left) / this.#zoom}px`);
  }

  /** On a phone the panel is the page: the focus stays in it. @param {KeyboardEvent} event @param {string} selector @param {boolean} always */
  keepInside(event, selector, always) {
    const area = this.#root.querySelector(selector);
    if (!area || !(always || (this.#narrow.matches && area.getAttribute('role') === 'dialog'))) return;
    const stops = [...area.querySelectorAll('button, a, input, textarea, [tabindex="0"]')].filter(reachable);
    const at = stops.indexOf(/** @type {Element} */ (event.target));
    const leaving = event.shiftKey ? at <= 0 : at === stops.length - 1;
    if (!leaving) return;
    event.preventDefault();
    /** @type {HTMLElement|undefined} */ (stops[event.shiftKey ? stops.length - 1 : 0])?.focus();
  }

  stop() {
    this.#stopping.abort();
    this.#observer.disconnect();
  }

  /** A page that is zoomed by its styles measures in pixels of its own. @returns {number} */
  get #zoom() {
    return /** @type {any} */ (this.#root).currentCSSZoom ?? 1;
  }

  #measure() {
    const view = window.visualViewport;
    if (!view) return;
    const zoom = this.#zoom;
    this.#root.style.setProperty('--_height', `${view.height / zoom}px`);
    this.#root.style.setProperty('--_top', `${view.offsetTop / zoom}px`);
  }
}

/** Not nearer than EDGE to either. @param {number} from @param {number} at @param {number} to */
function between(from, at, to) {
  return Math.max(from + EDGE, Math.min(at, to - EDGE));
}

/** @param {Element} element */
function reachable(element) {
  return element.getClientRects().length > 0 && !element.hasAttribute('disabled') && element.getAttribute('tabindex') !== '-1';
}

/** As high as its words, up to a bound. @param {HTMLTextAreaElement} field */
function grow(field) {
  if (field.dataset.grown === field.value) return;
  field.dataset.grown = field.value;
  field.style.setProperty('height', 'auto');
  field.style.setProperty('height', `${Math.min(field.scrollHeight, FIELD_MAX)}px`);
}
