/**
 * Which language the chat speaks: the page's, where there are texts in it. English is part of the
 * widget; every other language is fetched when a page asks for it.
 */

import en from './en-launcher.js';
import { translator } from './translate.js';

/** @import { Catalogue, Translate } from './translate.js' */

/** Those that come with the chat; what a host adds or changes stands in the boot data. */
export const LANGUAGES = ['ar', 'de', 'en', 'es', 'zh'];

/**
 * @typedef {object} Choice
 * @property {string} tag the page's own word for it, for dates and numbers: `de-AT`
 * @property {string} own which of our catalogues
 * @property {string|null} over where the host's texts are, without `.js`
 */

/**
 * @param {Element} element
 * @param {Record<string, string>} [hosts] the host's languages: where the texts of each are
 * @returns {Choice}
 */
export function languageOf(element, hosts = {}) {
  const tag = element.closest('[lang]')?.getAttribute('lang') ?? '';
  const own = bestOf(tag, LANGUAGES);
  const host = bestOf(tag, Object.keys(hosts));
  if (!own && !host) return { tag: 'en', own: 'en', over: null };
  return { tag, own: own ?? 'en', over: host ? hosts[host] : null };
}

/** What the launcher says at once, until the texts of the page's language are there. */
export function english() {
  return translator(en, 'en');
}

/** @param {Choice} choice @param {'launcher'|'panel'} part @returns {Promise<Translate>} */
export async function speak({ tag, own, over }, part) {
  const suffix = part === 'launcher' ? '-launcher' : '';
  const [ground, above] = await Promise.all([load(`./${own}${suffix}.js`), over ? load(`${over}${suffix}.js`).catch(() => ({})) : {}]);
  return translator({ ...ground, ...above }, tag);
}

/** @param {string} path @returns {Promise<Catalogue>} */
async function load(path) {
  return (await import(path)).default;
}

/**
 * The same language in the same script: `de` for `de-AT`, nothing for `zh-TW` where there is only `zh`.
 * @param {string} tag @param {string[]} languages
 */
function bestOf(tag, languages) {
  const [wanted] = fullest(tag);
  if (!wanted) return undefined;
  const near = languages.filter((language) => fullest(language).join() === fullest(tag).join());
  return near.find((language) => language.toLowerCase() === tag.toLowerCase()) ?? near.sort((one, other) => one.length - other.length)[0];
}

/** Language and script; nothing for what is no language tag. @param {string} tag */
function fullest(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return [language, script];
  } catch {
    return [];
  }
}
