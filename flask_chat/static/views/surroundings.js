/** What the page around makes of it: light or dark, and whether its layout lets anything float. */

const PAGE_ATTRIBUTE = 'data-bs-theme';

/**
 * Light or dark: the element's own word, else the page's (Bootstrap), else the reader's. Keeps `root`'s
 * theme right until the signal ends it.
 * @param {HTMLElement} host
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 */
export function followTheme(host, root, signal) {
  const reader = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => root.setAttribute('data-theme', themeOf(host, reader.matches));
  const observer = new MutationObserver(apply);
  observer.observe(document.documentElement, { attributes: true, subtree: true, attributeFilter: [PAGE_ATTRIBUTE] });
  observer.observe(host, { attributes: true, attributeFilter: ['theme'] });
  reader.addEventListener('change', apply, { signal });
  signal.addEventListener('abort', () => observer.disconnect());
  apply();
}

/** @param {HTMLElement} host @param {boolean} dark what the reader prefers */
function themeOf(host, dark) {
  const words = [host.getAttribute('theme'), host.closest(`[${PAGE_ATTRIBUTE}]`)?.getAttribute(PAGE_ATTRIBUTE)];
  return words.find((word) => word === 'light' || word === 'dark') ?? (dark ? 'dark' : 'light');
}

/**
 * Out of the hands of the page's layout. What is fixed stands where the window's edges are, unless
 * an ancestor is transformed, filtered or contained; and no `z-index` leads out of an ancestor that
 * stacks for itself. There the widget goes into the browser's top layer instead.
 *
 * @param {HTMLElement} host
 * @param {HTMLElement} root what floats
 */
export function riseAbove(host, root) {
  if (!root.showPopover || root.matches(':popover-open') || !ancestorsOf(host).some(holds)) return;
  root.popover = 'manual';
  root.showPopover();
}

/** Through shadow roots and slots. @param {Element} host */
function ancestorsOf(host) {
  const found = [];
  for (let at = above(host); at; at = above(at)) found.push(at);
  return found;
}

/** @param {Element} element @returns {Element|null} */
function above(element) {
  const root = element.getRootNode();
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** @param {Element} ancestor */
function holds(ancestor) {
  const style = /** @type {any} */ (getComputedStyle(ancestor));
  const moved = ['transform', 'translate', 'scale', 'rotate', 'perspective', 'filter', 'backdropFilter'];
  if (moved.some((name) => (style[name] ?? 'none') !== 'none')) return true;
  if (/paint|layout|strict|content/.test(style.contain ?? '') || /transform|filter|perspective|contents/.test(style.willChange ?? '')) return true;
  if (!['normal', undefined].includes(style.containerType) || style.contentVisibility === 'auto') return true;
  return ancestor !== document.body && stacks(style);
}

/** @param {CSSStyleDeclaration} style */
function stacks(style) {
  return style.zIndex !== 'auto' || Number(style.opacity) < 1 || style.isolation === 'isolate' || style.mixBlendMode !== 'normal';
}
