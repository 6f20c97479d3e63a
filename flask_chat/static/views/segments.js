/** What a body is made of, before anything is drawn: text, links, emoji, length. */

const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"'`{}|\\^]+/gi;
const SAFE = ['http:', 'https:', 'mailto:'];
const EMOJI = /^(?:\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F)?(?:\u200D\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F)?)*\s*){1,3}$/u;
const FOLD_LINES = 20;
const LINE_LETTERS = 48;

/**
 * @param {string} body
 * @returns {{text: string, href?: string}[]}
 */
export function segments(body) {
  const found = [];
  let from = 0;
  for (const match of body.matchAll(LINK)) {
    const text = trimmed(match[0]);
    const href = safe(text);
    if (!href) continue;
    if (match.index > from) found.push({ text: body.slice(from, match.index) });
    found.push({ text, href });
    from = match.index + text.length;
  }
  if (from < body.length) found.push({ text: body.slice(from) });
  return found;
}

/** One to three emoji and nothing else. @param {string} body */
export function isEmoji(body) {
  return body.length < 60 && EMOJI.test(body.trim());
}

/** About more lines than one wants to scroll past. @param {string} body */
export function isLong(body) {
  let lines = 0;
  for (const line of body.split('\n')) lines += Math.max(1, Math.ceil(line.length / LINE_LETTERS));
  return lines > FOLD_LINES;
}

/** What ends a sentence does not belong to the link; a closing bracket only where none was opened. @param {string} link @returns {string} */
function trimmed(link) {
  const bare = link.replace(/[.,;:!?…]+$/, '');
  return bare.endsWith(')') && !bare.includes('(') ? trimmed(bare.slice(0, -1)) : bare;
}

/** @param {string} text */
function safe(text) {
  try {
    const url = new URL(text);
    return SAFE.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
