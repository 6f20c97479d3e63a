/** Offices: the queue, the bar above a letter, notes, prepared replies. */

import { sheet } from './base.js';

export const officeSheet = sheet(`
.tabs{display:flex;padding:6px 4px 8px;overflow-x:auto;flex:none;scrollbar-width:none}
.tabs::-webkit-scrollbar{display:none}
.tab{
  flex:none;display:inline-flex;align-items:center;gap:6px;min-block-size:44px;padding:0 9px;border-radius:12px;font-size:.9em;font-weight:600;
  color:var(--_text-muted);border:1px solid transparent;
}
.tab:hover{background:var(--_surface)}
.tab.chosen{color:var(--_accent);background:color-mix(in srgb,var(--_accent) 11%,var(--_background))}
.tab-count{font-size:.86em;font-weight:700;font-variant-numeric:tabular-nums}
.chooser{position:relative;margin:0 12px 8px}
.chooser select{flex:1;min-inline-size:0;block-size:42px;line-height:42px;padding-inline-end:24px}
.chooser option{color:CanvasText;background:Canvas}
.chooser:focus-within{outline:2px solid var(--_accent);outline-offset:1px}
.under{font-size:.82em;color:var(--_text-muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.desk{
  flex:none;display:flex;flex-wrap:wrap;align-items:center;gap:6px;padding:6px 12px;background:var(--_surface);
  border-block-end:1px solid var(--_border);font-size:.92em;
}
.desk-state{flex:1;min-inline-size:0;color:var(--_text-muted);overflow-wrap:anywhere}
.desk-state.new{color:var(--_accent);font-weight:650}
.desk .small{position:relative;min-block-size:36px;padding:0 14px;border-radius:10px}
.desk .icon-button{inline-size:36px;block-size:36px;position:relative}
.desk .small::after,.desk .icon-button::after,.mode::after{content:"";position:absolute;inset:-5px -4px}
.desk-more{flex:1 0 100%;padding-block:2px 8px;display:grid;gap:6px}
.desk-more .heading{padding:8px 0 0}
.modes{display:flex;flex-wrap:wrap;gap:4px;padding-block-end:6px}
.mode{
  display:inline-flex;align-items:center;gap:6px;min-block-size:36px;padding:0 12px;border-radius:10px;font-size:.88em;font-weight:600;
  color:var(--_text-muted);border:1px solid transparent;position:relative;
}
.mode .icon{inline-size:16px;block-size:16px}
.mode:hover{background:var(--_surface)}
.mode[aria-pressed=true]{color:var(--_accent);background:color-mix(in srgb,var(--_accent) 11%,var(--_background))}
.mode.to-office[aria-pressed=true]{color:var(--_warning-text);background:var(--_warning-background);border-color:currentColor}
.mode.end{margin-inline-start:auto}
.noting-hint{padding:0 6px 6px;font-size:.84em;font-weight:600;color:var(--_warning-text)}
.composer.noting{background:var(--_warning-background);padding-block-start:8px}
.composer.noting .writing{background:var(--_background);border:2px dashed var(--_warning-text)}
.composer.noting .send{background:var(--_warning-text);color:var(--_warning-background)}
.composer.noting .send[disabled]{background:transparent;color:var(--_text-muted)}
.replies{max-block-size:260px;overflow-y:auto;margin-block-end:8px;border:1px solid var(--_border);border-radius:14px;padding:4px;background:var(--_background)}
p.replies{padding:12px 14px}
.reply{display:grid;gap:2px;inline-size:100%;padding:8px 12px;border-radius:10px;text-align:start}
.reply:hover{background:var(--_surface)}
.reply-body{font-size:.88em;color:var(--_text-muted);text-align:-webkit-match-parent;text-align:match-parent;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
.missing{display:flex;align-items:center;gap:6px;font-size:.82em;font-weight:600;color:var(--_danger)}
.missing .icon{inline-size:15px;block-size:15px}
.note-row{display:flex;flex-direction:row-reverse;align-items:center;gap:2px;padding-block:5px}
.note-row:hover .actions,.note-row:focus-within .actions{opacity:1}
.note{
  max-inline-size:min(80%,660px);padding:8px 13px;border-radius:12px;background:var(--_warning-background);color:var(--_warning-text);
  border:1px dashed currentColor;overflow-wrap:anywhere;
}
.note-head{display:flex;align-items:center;gap:5px;flex-wrap:wrap;font-size:.78em;font-weight:650;padding-block-end:2px}
.note-head .icon{inline-size:14px;block-size:14px}
.system.noted{font-style:italic}
.message.pending.noted .bubble{background:var(--_warning-background);color:var(--_warning-text);border:1px dashed currentColor}
@container (max-width:400px){
  .modes{gap:2px}
  .mode{padding:0 8px;font-size:.84em}
}
@media (forced-colors:active){
  .tab,.mode,.note,.desk,.reply{border:1px solid ButtonText}
  .tab.chosen,.mode[aria-pressed=true],.mode.to-office[aria-pressed=true]{border-color:Highlight;color:Highlight}
}
`);
