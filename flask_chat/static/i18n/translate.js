/** Looking up texts: `t(key, values)`, plural by `count`. */

/**
 * @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Catalogue
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Translate
 */

/** @param {Catalogue} catalogue @param {string} language @returns {Translate} */
export function translator(catalogue, language) {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) => {
    const entry = catalogue[key] ?? key;
    const text = typeof entry === 'string' ? entry : entry[plurals.select(Number(values.count))] ?? entry.other ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => shown(values[name] ?? whole, numbers));
  };
}

/** @param {string|number} value @param {Intl.NumberFormat} numbers */
function shown(value, numbers) {
  return typeof value === 'number' ? numbers.format(value) : value;
}
