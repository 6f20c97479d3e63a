/**
 * Which language the chat speaks: the page's, where there are texts in it. English is part of the
 * widget; every other language is fetched when a page asks for it. And looking up texts:
 * `t(key, values)`, plural by `count`; numbers and names as the language has them.
 */

import en from './en-launcher.js';

/**
 * @typedef {object} Choice
 * @property {string} tag the page's own word for it, for dates and numbers: `de-AT`
 * @property {string} own which of our catalogues
 * @property {string|null} over where the host's texts are, without `.js`
 */

/**
 * @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Catalogue
 *
 * @typedef {object} Speech what one needs to know of the language beside its texts
 * @property {string} language a BCP 47 tag, for `Intl`
 * @property {'ltr'|'rtl'} direction
 * @property {(count: number) => string} number
 * @property {(one: string, other: string) => number} compare for sorting names
 *
 * @typedef {((key: string, values?: Record<string, string | number>) => string) & Speech} Translate
 */

/** Those that come with the chat; what a host adds or changes stands in the boot data. */
export const LANGUAGES = ['ar', 'de', 'en', 'es', 'zh'];

const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);
const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LTR_LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Devanagari}\p{Script=Georgian}\p{Script=Armenian}\p{Script=Thai}]/u;

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

/** @param {Catalogue} catalogue @param {string} language @returns {Translate} */
export function translator(catalogue, language) {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const names = new Intl.Collator(language);
  const direction = directionOf(language);
  const foreign = direction === 'rtl' ? LTR_LETTER : RTL_LETTER;

  /** A name of the other direction is fenced in, so that it cannot turn the words around it. @param {string|number} value */
  const shown = (value) => {
    if (typeof value === 'number') return numbers.format(value);
    return foreign.test(value) ? `\u2068${value}\u2069` : value;
  };

  /** @param {string} key @param {Record<string, string | number>} [values] */
  const translate = (key, values = {}) => {
    const entry = catalogue[key] ?? key;
    const text = typeof entry === 'string' ? entry : entry[plurals.select(Number(values.count))] ?? entry.other ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
  };
  return Object.assign(translate, { language, direction, number: numbers.format, compare: names.compare });
}

/** @param {string} language @returns {'ltr'|'rtl'} */
export function directionOf(language) {
  return RIGHT_TO_LEFT.has(language.split('-')[0]) ? 'rtl' : 'ltr';
}

/** Of the first letter in it; null where there is none. @param {string} text @returns {'ltr'|'rtl'|null} */
export function directionIn(text) {
  const letter = /\p{L}/u.exec(text)?.[0];
  return letter === undefined ? null : RTL_LETTER.test(letter) ? 'rtl' : 'ltr';
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
