/** Light or dark: the element's own word, else the page's (Bootstrap), else the reader's. */

const PAGE_ATTRIBUTE = 'data-bs-theme';

/**
 * Keeps `root`'s theme right until the signal ends it.
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
