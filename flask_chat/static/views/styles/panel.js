/** The panel: where it stands, its columns, head, banner, and the veil of a question. */

import { sheet } from './base.js';
import { controlSheet } from './controls.js';
import { listSheet } from './list.js';

const panelSheet = sheet(`
h2,h3,h4,p,ul,ol{margin:0;padding:0;font:inherit}
ul,ol{list-style:none}
time{unicode-bidi:plaintext}
.panel{
  position:fixed;z-index:var(--_z-index);container-type:inline-size;
  inset-block-end:calc(var(--_inset-block) + var(--_launcher-size) + 14px + env(safe-area-inset-bottom,0px));
  inset-inline-end:var(--_inset-inline);
  inline-size:min(var(--_panel-width),calc(100% - 2*var(--_inset-inline)));
  block-size:min(var(--_panel-height),calc(100% - 2*var(--_inset-block) - var(--_launcher-size) - 14px));
  min-block-size:260px;
  display:flex;flex-direction:column;overflow:hidden;
  background:var(--_background);border:1px solid var(--_border);border-radius:var(--_radius);box-shadow:var(--_shadow);
  animation:rise .22s cubic-bezier(.2,.8,.3,1);
}
@keyframes rise{from{opacity:0;transform:translateY(14px) scale(.985)}}
.inline .place,.pinned .place{block-size:100%}
.inline .panel,.pinned .panel{
  position:relative;inset:auto;z-index:auto;inline-size:100%;block-size:100%;box-shadow:none;animation:none;
}
.columns{
  flex:1;min-block-size:0;display:grid;grid-template:minmax(0,1fr) auto/minmax(0,1fr);
}
.side,.main{grid-area:1/1;display:flex;flex-direction:column;min-block-size:0;min-inline-size:0;background:var(--_background)}
.banner-place{grid-area:2/1/3/-1}
.columns:not(.has-main)>.main,.columns.has-main>.side{display:none}
@container (min-width:700px){
  .columns{grid-template-columns:minmax(260px,34%) minmax(0,1fr)}
  .columns:has(>.side:only-child),.pinned .columns{grid-template-columns:minmax(0,1fr)}
  .columns.columns>.side,.columns.columns>.main{display:flex}
  .root:not(.pinned) .columns>.main{grid-area:1/2}
  .columns>.side:not(:only-child){border-inline-end:1px solid var(--_border)}
  .main .narrow-only{display:none}
}
.header{
  flex:none;display:flex;align-items:center;gap:6px;min-block-size:64px;padding:8px 10px 8px 16px;
  border-block-end:1px solid var(--_border);
}
.header:dir(rtl){padding:8px 16px 8px 10px}
.header>.icon-button:first-child{margin-inline-start:-10px}
.header .avatar{--size:38px;margin-inline-end:6px}
.titles{flex:1;min-inline-size:0}
.titles h2{
  font-size:1.08em;font-weight:650;letter-spacing:-.01em;line-height:1.3;
  overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:-webkit-match-parent;text-align:match-parent;
}
.main .titles h2{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;white-space:normal;overflow-wrap:anywhere}
h2:focus-visible{outline:none!important}
.subtitle{color:var(--_text-muted);font-size:.84em;line-height:1.35;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.scroll{flex:1;min-block-size:0;overflow-y:auto;overscroll-behavior:contain;padding:8px;position:relative;display:flex;flex-direction:column}
.banner{
  display:flex;align-items:center;justify-content:center;gap:10px;padding:8px 14px;min-block-size:44px;
  background:var(--_warning-background);color:var(--_warning-text);font-size:.88em;border-block-start:1px solid var(--_border);
  animation:appear .2s ease;
}
.banner.good{background:color-mix(in srgb,var(--_success) 12%,var(--_background));color:var(--_success);font-weight:600}
.banner.danger{background:color-mix(in srgb,var(--_danger) 10%,var(--_background));color:var(--_danger)}
.banner .link{color:inherit;min-block-size:28px;min-inline-size:44px;justify-content:center}
.pulse{inline-size:8px;block-size:8px;border-radius:50%;background:currentColor;animation:breathe .9s ease-in-out infinite alternate}
.veil{
  position:absolute;inset:0;z-index:5;display:grid;place-items:center;padding:24px;
  background:color-mix(in srgb,var(--_background) 72%,transparent);backdrop-filter:blur(3px);animation:appear .15s ease;
}
.confirm{
  inline-size:min(320px,100%);padding:22px;border-radius:16px;background:var(--_background);
  border:1px solid var(--_border);box-shadow:var(--_shadow);display:grid;gap:6px;overflow-wrap:anywhere;
}
.confirm-buttons{display:flex;justify-content:flex-end;gap:8px;margin-block-start:14px}
@keyframes appear{from{opacity:0}}
.empty{margin:auto;padding:32px 28px;display:grid;justify-items:center;gap:6px;text-align:center;max-inline-size:340px;overflow-wrap:anywhere}
.empty-icon{
  inline-size:64px;block-size:64px;border-radius:22px;display:grid;place-items:center;margin-block-end:10px;
  color:var(--_accent);background:color-mix(in srgb,var(--_accent) 11%,var(--_background));
}
.empty-icon.danger{color:var(--_danger);background:color-mix(in srgb,var(--_danger) 11%,var(--_background))}
.empty-icon .icon{inline-size:30px;block-size:30px}
.empty-title{font-weight:650;font-size:1.06em;letter-spacing:-.01em}
.empty-hint{color:var(--_text-muted);font-size:.94em}
.empty .primary,.empty .secondary{margin-block-start:14px}
.skeleton{opacity:0;animation:show .2s ease .15s forwards;padding:6px;display:grid;gap:18px;align-content:start}
@keyframes show{to{opacity:1}}
.bone-row{display:flex;gap:12px;align-items:center}
.bones{flex:1;display:grid;gap:8px}
.bone{display:block;block-size:11px;border-radius:6px;background:var(--_surface);animation:breathe .9s ease-in-out infinite alternate}
.bone.short{inline-size:58%}
.bone.face{inline-size:44px;block-size:44px;border-radius:50%;flex:none}
.skeleton.thread{padding:16px}
.skeleton.thread .bone{block-size:34px;border-radius:16px;inline-size:62%}
.skeleton.thread .bone.short,.skeleton.thread .bone.face{display:none}
.skeleton.thread .bone-row:nth-child(odd) .bone{margin-inline-start:auto}
@media (max-width:480px){
  .floating .panel{
    inset:var(--_top,0) 0 auto 0;inline-size:100%;block-size:var(--_height,100dvh);border:0;border-radius:0;min-block-size:0;
    padding-block-start:env(safe-area-inset-top,0px);animation:none;
  }
}
@media (max-height:420px){.empty{padding-block:12px}.empty-icon{display:none}}
@media (prefers-reduced-motion:reduce){.skeleton{opacity:1}}
@media (forced-colors:active){
  .banner,.confirm,.empty-icon{border:1px solid CanvasText}
  .bone{background:GrayText}
}
`);

/** Of an open panel, for all elements of a page. */
export const panelSheets = [panelSheet, controlSheet, listSheet];
