/** Buttons, fields, switches, faces. */

const HUES = [4, 22, 38, 95, 145, 168, 190, 210, 230, 256, 286, 330];

const faces = HUES.map(
  (hue, at) => `.hue-${at}{background:hsl(${hue} 62% 90%);color:hsl(${hue} 60% 26%)}
[data-theme=dark] .hue-${at}{background:hsl(${hue} 30% 26%);color:hsl(${hue} 70% 86%)}`,
).join('\n');

import { sheet } from './base.js';

export const controlSheet = sheet(`
.icon-button{
  flex:none;inline-size:44px;block-size:44px;border-radius:12px;display:grid;place-items:center;color:var(--_text-muted);
  transition:background-color .15s ease,color .15s ease;border:1px solid transparent;
}
.icon-button:hover,.icon-button[aria-expanded=true]{background:var(--_surface);color:var(--_text)}
.icon-button.on{color:var(--_accent)}
.icon-button.small{inline-size:32px;block-size:32px;border-radius:10px;position:relative}
.icon-button.small::after{content:"";position:absolute;inset:-6px}
.icon-button.small .icon{inline-size:18px;block-size:18px}
.primary,.secondary,.quiet{
  display:inline-flex;align-items:center;justify-content:center;min-block-size:44px;padding:8px 18px;line-height:1.3;overflow-wrap:anywhere;border-radius:12px;
  font-weight:600;text-align:center;text-decoration:none;border:1px solid transparent;transition:filter .15s ease,background-color .15s ease;
}
.primary{background:var(--_accent);color:var(--_on-accent)}
.primary.danger{background:var(--_danger);color:var(--_background)}
.primary:hover{filter:brightness(1.08)}
.secondary{border-color:var(--_border);background:var(--_background)}
.secondary:hover,.quiet:hover{background:var(--_surface)}
.quiet{color:var(--_accent)}
.wide{display:flex;margin:4px}
.link{color:var(--_accent);font-weight:600;text-decoration:underline;text-underline-offset:2px;display:inline-flex;align-items:center;min-block-size:24px;padding-inline:2px;position:relative}
.link::after{content:"";position:absolute;inset:-10px -4px}
button[disabled]{opacity:.45;cursor:default;filter:none}
.row-button{
  display:flex;align-items:center;gap:14px;inline-size:100%;min-block-size:52px;padding:6px 12px;border-radius:14px;font-weight:550;
  border:1px solid transparent;flex:none;
}
.row-button>span:not(.count){flex:1}
.row-button>.icon:first-child{color:var(--_accent);margin-inline:11px}
.row-button>.icon:last-child{inline-size:18px;block-size:18px;color:var(--_text-muted)}
.row-button:hover{background:var(--_surface)}
.row-button.danger,.danger,.row-button.danger>.icon:first-child{color:var(--_danger)}
.choices{padding-block-end:8px;margin-block-end:8px;border-block-end:1px solid var(--_border)}
.field{
  display:flex;align-items:center;gap:10px;min-block-size:44px;padding-inline:14px;border-radius:14px;
  background:var(--_surface);border:1px solid transparent;transition:border-color .15s ease;flex:none;
}
.field:focus-within{border-color:var(--_accent);background:var(--_background)}
.field .icon{inline-size:18px;block-size:18px;color:var(--_text-muted)}
.field input{all:unset;flex:1;min-inline-size:0;min-block-size:42px;font:inherit;color:inherit;text-align:start}
.field input:focus-visible{outline:none!important}
.field input::placeholder,textarea::placeholder{color:var(--_text-muted);opacity:1}
.field input::-webkit-search-cancel-button{display:none}
.field.search{margin:4px 4px 10px}
.field.labelled{flex-direction:column;align-items:stretch;gap:0;padding-block-start:8px;margin:4px 4px 10px}
.field.labelled span{font-size:.8em;font-weight:600;color:var(--_text-muted)}
.field.labelled input{min-block-size:34px}
.field textarea{all:unset;min-block-size:6em;padding-block:6px 10px;font:inherit;color:inherit;white-space:pre-wrap;overflow-wrap:anywhere;text-align:start;cursor:text}
.field textarea:focus-visible{outline:none!important}
select{all:unset;box-sizing:border-box;inline-size:100%;min-block-size:34px;font:inherit;color:inherit;cursor:pointer;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;padding-inline-end:24px}
label:has(>select){position:relative}
select+.icon{position:absolute;inset-inline-end:14px;inset-block-end:12px;pointer-events:none}
select:focus-visible{outline:none!important}
option{background:var(--_background);color:var(--_text)}
.hint.padded{padding-inline:16px}
.notice{padding:10px 14px;margin:4px 4px 10px;border-radius:12px;font-size:.9em;background:var(--_warning-background);color:var(--_warning-text)}
.notice.danger{background:color-mix(in srgb,var(--_danger) 10%,var(--_background));color:var(--_danger)}
.notice .link{color:inherit}
.hint.lead{padding:12px 16px}
.hint{color:var(--_text-muted);font-size:.88em}
.column{padding-block-end:0}
.grow{flex:1 0 auto;display:flex;flex-direction:column}
.footer{
  position:sticky;inset-block-end:0;margin-inline:-8px;padding:12px 16px;display:flex;align-items:center;justify-content:space-between;gap:12px;
  background:var(--_background);border-block-start:1px solid var(--_border);
}
.footer .primary{margin-inline-start:auto}
.switch{position:relative;display:flex;align-items:center;gap:14px;min-block-size:58px;padding:8px 16px;border-radius:14px;cursor:pointer}
.switch .preview{white-space:normal}
.switch:hover{background:var(--_surface)}
.switch input,.item input[type=checkbox]{position:absolute;opacity:0;inset:0;inline-size:100%;block-size:100%;margin:0;cursor:pointer}
.track{flex:none;inline-size:44px;block-size:26px;border-radius:13px;background:var(--_text-muted);border:1px solid transparent;transition:background-color .18s ease;position:relative}
.track::after{content:"";position:absolute;inset-block-start:2px;inset-inline-start:2px;inline-size:20px;block-size:20px;border-radius:50%;background:var(--_background);transition:inset-inline-start .18s ease}
input:checked~.track{background:var(--_accent)}
input:checked~.track::after{inset-inline-start:20px}
input:focus-visible~.track,input:focus-visible~.box{outline:2px solid var(--_accent);outline-offset:2px}
.box{flex:none;inline-size:24px;block-size:24px;border-radius:8px;border:2px solid var(--_text-muted);display:grid;place-items:center;color:transparent}
.box .icon{inline-size:16px;block-size:16px;stroke-width:3;visibility:hidden}
input:checked~.box .icon{visibility:visible}
input:checked~.box{background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent)}
.tag{flex:none;font-size:.76em;font-weight:650;padding:3px 9px;border-radius:9px;color:var(--_accent);background:color-mix(in srgb,var(--_accent) 12%,var(--_background))}
.avatar{
  --size:44px;position:relative;flex:none;inline-size:var(--size);block-size:var(--size);border-radius:50%;
  display:grid;place-items:center;font-weight:650;font-size:calc(var(--size)*.36);line-height:1;letter-spacing:.01em;
  -webkit-user-select:none;user-select:none;
}
.avatar .icon{inline-size:calc(var(--size)*.5);block-size:calc(var(--size)*.5)}
.avatar img{position:absolute;inset:0;inline-size:100%;block-size:100%;border-radius:50%;object-fit:cover}
.dot{
  position:absolute;inset-block-end:0;inset-inline-end:0;inline-size:calc(var(--size)*.28);block-size:calc(var(--size)*.28);
  border-radius:50%;background:var(--_success);border:2px solid var(--_background);
}
${faces}
.flips:dir(rtl){transform:scaleX(-1);transform-origin:center;transform-box:view-box}
.with-badge{position:relative}
.with-badge .badge{position:absolute;inset-block-start:0;inset-inline-end:-2px;min-inline-size:18px;block-size:18px;line-height:18px;padding-inline:5px;font-size:.68em}
@media (forced-colors:active){
  .primary,.secondary,.quiet,.icon-button,.field,.track,.tag,.avatar,.row-button,.notice{border:1px solid ButtonText}
  .track::after{background:ButtonText}
  input:checked~.track,input:checked~.box{background:Highlight;forced-color-adjust:none}
  .dot{background:Highlight;border-color:Canvas;forced-color-adjust:none}
  .field:focus-within{border-color:Highlight}
}
`);
