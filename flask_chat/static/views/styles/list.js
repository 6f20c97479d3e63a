/** Lists of conversations and people. */

import { sheet } from './base.js';

export const listSheet = sheet(`
.list{display:grid;gap:2px;grid-template-columns:minmax(0,1fr)}
.item{
  position:relative;display:flex;align-items:center;gap:12px;inline-size:100%;min-block-size:64px;padding:8px 12px;border-radius:14px;
  cursor:pointer;transition:background-color .12s ease;border:1px solid transparent;
}
.item.still{cursor:default;padding-inline-end:4px;gap:8px}
.item:has(>.reason){flex-wrap:wrap}
.reason{flex-basis:100%;margin:0;padding-inline:52px 8px;color:var(--_text-muted);font-size:.86em;line-height:1.4}
.item:not(.still):hover{background:var(--_surface)}
.item.selected{background:color-mix(in srgb,var(--_accent) 10%,var(--_background))}
.item:focus-visible{outline-offset:-2px}
.lines{flex:1;min-inline-size:0;display:grid;gap:2px}
.lines>.name{justify-self:start;max-inline-size:100%}
.line{display:flex;align-items:center;gap:6px;min-inline-size:0}
.name{font-weight:550;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-inline-size:0;line-height:1.35}
.when{margin-inline-start:auto;padding-inline-start:8px;flex:none;font-size:.8em;color:var(--_text-muted);font-variant-numeric:tabular-nums}
.preview{flex:1;min-inline-size:0;color:var(--_text-muted);font-size:.92em;line-height:1.4;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:-webkit-match-parent;text-align:match-parent}
.preview.typing{color:var(--_accent)}
.lines>.preview:empty{display:none}
.mark{flex:none;color:var(--_text-muted)}
.mark .icon{inline-size:14px;block-size:14px}
.unread .name{font-weight:700}
.unread .preview{color:var(--_text)}
.unread .when{color:var(--_accent);font-weight:600}
.badge{
  flex:none;min-inline-size:21px;block-size:21px;padding-inline:6px;border-radius:11px;background:var(--_accent);color:var(--_on-accent);
  font-size:.76em;font-weight:700;line-height:21px;text-align:center;font-variant-numeric:tabular-nums;
}
.badge.quiet{min-block-size:0;padding-block:0;display:inline-block;background:var(--_text-muted);color:var(--_background);border:0}
.count{color:var(--_text-muted);font-size:.88em;font-variant-numeric:tabular-nums}
.heading{padding:18px 16px 6px;font-size:.84em;font-weight:650;color:var(--_text-muted)}
.hero{display:grid;justify-items:center;gap:8px;padding:24px 16px 18px;text-align:center}
.hero .avatar{--size:76px}
.hero h3{font-size:1.2em;font-weight:650;letter-spacing:-.01em;max-inline-size:100%;overflow-wrap:anywhere}
.rename{display:flex;flex-wrap:wrap;justify-content:center;gap:8px;inline-size:100%}
.rename .field{flex:1 1 100%}
@media (forced-colors:active){
  .badge{border:1px solid CanvasText;line-height:19px}
  .item.selected{border-color:Highlight}
  .box{border-color:ButtonText}
}
`);
