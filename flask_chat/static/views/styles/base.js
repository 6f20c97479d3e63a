/** What a closed widget needs: the wall against the page's styles, the colours, the launcher, the badge. */

import { tokenRules } from './tokens.js';

export const baseSheet = sheet(`
:host(:not([mode=inline],[conversation],[subject])){all:initial!important;display:contents!important}
:host([mode=inline]),:host([conversation]),:host([subject]){display:block;min-inline-size:0}
:host([mode=inline]){block-size:clamp(420px,75vh,760px)}
:host([conversation]),:host([subject]){block-size:clamp(320px,60vh,560px)}
:host([hidden]){display:none!important}
${tokenRules()}
.root{
  font:400 var(--_font-size)/1.45 var(--_font);color:var(--_text);text-align:start;
  -webkit-font-smoothing:antialiased;-webkit-tap-highlight-color:transparent;
}
.root.inline,.root.pinned{display:block;block-size:100%;visibility:inherit}
.root.floating[popover]{position:fixed;overflow:visible}
*,*::before,*::after{box-sizing:border-box}
[hidden]{display:none!important}
button{
  all:unset;box-sizing:border-box;cursor:pointer;font:inherit;color:inherit;-webkit-user-select:none;user-select:none;
  touch-action:manipulation;
}
:focus-visible{outline:2px solid var(--_accent)!important;outline-offset:2px}
.icon{
  inline-size:22px;block-size:22px;flex:none;display:block;fill:none;stroke:currentColor;stroke-width:1.8;
  stroke-linecap:round;stroke-linejoin:round;
}
.vh{
  position:absolute!important;inline-size:1px;block-size:1px;margin:-1px;padding:0;border:0;overflow:hidden;
  clip-path:inset(50%);white-space:nowrap;
}
.launcher{
  position:fixed;inset-block-end:calc(var(--_inset-block) + env(safe-area-inset-bottom,0px));
  inset-inline-end:var(--_inset-inline);z-index:var(--_z-index);
  inline-size:var(--_launcher-size);block-size:var(--_launcher-size);border-radius:50%;
  background:var(--_accent);color:var(--_on-accent);box-shadow:var(--_shadow);border:1px solid transparent;
  display:grid;place-items:center;transition:transform .18s ease,filter .18s ease;
}
.launcher:hover{transform:translateY(-2px);filter:brightness(1.06)}
.launcher:active{transform:scale(.96)}
.launcher:focus-visible{outline-offset:3px}
.launcher .icon{grid-area:1/1;inline-size:27px;block-size:27px;transition:opacity .18s ease,transform .22s ease}
.launcher .opened,.open .launcher .shut{opacity:0;transform:rotate(-45deg) scale(.6)}
.open .launcher .opened{opacity:1;transform:none}
.launcher[aria-busy] .icon{animation:breathe 1s ease-in-out infinite alternate}
.launcher-badge{
  position:absolute;inset-block-start:-3px;inset-inline-end:-3px;min-inline-size:22px;block-size:22px;padding-inline:6px;
  border-radius:11px;background:var(--_badge-background);color:var(--_badge-text);
  border:2px solid var(--_background);font-size:12px;font-weight:650;line-height:18px;text-align:center;
  font-variant-numeric:tabular-nums;animation:pop .25s cubic-bezier(.3,1.5,.6,1);
}
.launcher-note{margin:0;padding:10px 14px}
.floating .launcher-note{
  position:fixed;inset-block-end:calc(var(--_inset-block) + var(--_launcher-size) + 12px);
  inset-inline-end:var(--_inset-inline);z-index:var(--_z-index);max-inline-size:260px;
  border-radius:12px;background:var(--_background);color:var(--_text);box-shadow:var(--_shadow);font-size:14px;
}
@keyframes pop{from{transform:scale(.4);opacity:0}}
@keyframes breathe{to{opacity:.45}}
@media (max-width:480px){.open .launcher{display:none}}
@media (prefers-reduced-motion:reduce){*,*::before,*::after{animation:none!important;transition:none!important}}
@media (forced-colors:active){
  .launcher{border-color:ButtonText}
  .launcher-badge{border-color:ButtonText}
  .launcher-note{border:1px solid CanvasText}
}
@media print{.root.floating,.root.floating *{display:none!important}}
`);

/** The number beside a word of the page. */
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

/** Constructable: no style element, so the strictest Content-Security-Policy is content. @param {string} text */
export function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
