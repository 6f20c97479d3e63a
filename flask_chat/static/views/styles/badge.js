/** The number beside a word of the page. */

import { sheet } from './sheet.js';
import { tokenRules } from './tokens.js';

export const badgeSheet = sheet(`
:host{display:inline-block;position:relative;vertical-align:middle}
:host(:not([unread])),:host([hidden]){display:none!important}
${tokenRules()}
.badge{
  display:inline-block;box-sizing:border-box;min-inline-size:20px;block-size:20px;padding-inline:6px;border-radius:10px;
  background:var(--_badge-background);color:var(--_badge-text);font:650 12px/20px var(--_font);text-align:center;
  font-variant-numeric:tabular-nums;white-space:nowrap;
}
[hidden]{display:none!important}
.vh{position:absolute;inline-size:1px;block-size:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (forced-colors:active){.badge{border:1px solid CanvasText;line-height:18px}}
`);
