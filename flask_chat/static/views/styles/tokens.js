/**
 * The properties a host may set, on `flask-chat` or anywhere above it. Name, light, dark, meaning;
 * where light and dark agree, dark is left out.
 *
 * @type {[name: string, light: string, dark: string, meaning: string][]}
 */
export const TOKENS = [
  ['accent', '#3556d4', '#93a8ff', 'links, marks, focus, the send button'],
  ['on-accent', '#ffffff', '#10131f', 'text on the accent'],
  ['background', '#ffffff', '#17191f', 'the panel'],
  ['surface', '#f5f6f8', '#1f222a', 'fields, cards, hovered rows'],
  ['text', '#191c22', '#eceef2', 'text'],
  ['text-muted', '#5d6471', '#a3aab8', 'times, hints, previews'],
  ['border', '#e4e7ec', '#2d313b', 'lines between parts'],
  ['own-background', '#3556d4', '#3c58c8', 'bubbles of one’s own'],
  ['own-text', '#ffffff', '', 'text in them'],
  ['other-background', '#eff1f5', '#262a33', 'bubbles of others'],
  ['other-text', '#191c22', '#eceef2', 'text in them'],
  ['danger', '#c0362c', '#ff8f85', 'failures and what cannot be undone'],
  ['success', '#156b3e', '#5fd39a', 'online, and back online'],
  ['warning-background', '#fff5dc', '#3a3220', 'the banner while reconnecting'],
  ['warning-text', '#6b4a00', '#f4d58d', 'text in it'],
  ['badge-background', '#d92d20', '#d6333a', 'the unread badge on the launcher'],
  ['badge-text', '#ffffff', '', 'text in it'],
  ['font', 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif', '', 'font family'],
  ['font-size', '15px', '', 'size of the text'],
  ['radius', '18px', '', 'corners of the panel'],
  ['bubble-radius', '18px', '', 'corners of bubbles'],
  ['shadow', '0 2px 6px rgb(16 24 40 / .06), 0 16px 48px rgb(16 24 40 / .18)', '0 2px 6px rgb(0 0 0 / .4), 0 16px 48px rgb(0 0 0 / .55)', 'shadow of panel and launcher'],
  ['panel-width', '400px', '', 'width of the floating panel'],
  ['panel-height', '660px', '', 'height of the floating panel'],
  ['launcher-size', '58px', '', 'the round button'],
  ['inset-block', '22px', '', 'distance from the bottom of the window'],
  ['inset-inline', '22px', '', 'distance from the side of the window'],
  ['z-index', '2147483000', '', 'above the page'],
];

/** The tokens as rules: private names inside, so that a host's word wins in both themes. */
export function tokenRules() {
  const light = TOKENS.map(([name, value]) => `--_${name}:var(--chat-${name},${value})`);
  const dark = TOKENS.filter((token) => token[2]).map(([name, , value]) => `--_${name}:var(--chat-${name},${value})`);
  return `.root{all:initial;${light.join(';')};color-scheme:light}
.root[data-theme=dark]{${dark.join(';')};color-scheme:dark}`;
}
