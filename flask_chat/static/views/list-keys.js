/** The keys of a list with a search above it: down into it, through it, and back up. */

const STOPS = '.list .item:not(.still)';

/** @param {KeyboardEvent} event of the column that holds both */
export function listKey(event) {
  const column = /** @type {HTMLElement} */ (event.currentTarget);
  const field = /** @type {HTMLInputElement|null} */ (column.querySelector('[type=search]'));
  const from = /** @type {HTMLElement} */ (event.target);
  const items = [...column.querySelectorAll(STOPS)].map(control);
  const at = items.indexOf(from);
  if (event.isComposing || (at < 0 && from !== field)) return;
  const target = { ArrowDown: items[at + 1], ArrowUp: at > 0 ? items[at - 1] : field, Home: at < 0 ? null : items[0], End: at < 0 ? null : items[items.length - 1] }[event.key];
  if (target) {
    event.preventDefault();
    target.focus();
  } else if (event.key === 'Escape' && from === field && field.value) empty(event, field);
}

/** The first Escape empties the field, the next one closes the panel. @param {Event} event @param {HTMLInputElement} field */
function empty(event, field) {
  event.preventDefault();
  event.stopPropagation();
  field.value = '';
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** What takes the focus of a row: the row itself, or the box in it. @param {Element} item @returns {HTMLElement} */
function control(item) {
  return /** @type {HTMLElement} */ (item.querySelector('input') ?? item);
}
