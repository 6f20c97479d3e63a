/** A constructable sheet: no style element, so the strictest Content-Security-Policy is content. */

/** @param {string} text */
export function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
