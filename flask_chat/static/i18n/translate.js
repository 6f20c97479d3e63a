/** Looking up texts: `t(key, values)`, plural by `count`; numbers and names as the language has them. */

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

const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);
const RTL_LETTER = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LTR_LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Devanagari}\p{Script=Georgian}\p{Script=Armenian}\p{Script=Thai}]/u;

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
