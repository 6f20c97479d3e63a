/** A conversation: days, bubbles, what is said about them; and where one writes. */

import { sheet } from './base.js';

export const threadSheet = sheet(`
.thread{position:relative;flex:1;min-block-size:0;display:flex}
.messages{
  flex:1;min-inline-size:0;overflow-y:auto;overflow-x:hidden;overscroll-behavior:contain;overflow-anchor:none;
  padding:12px 14px 10px;position:relative;display:flex;flex-direction:column;
}
.messages:focus-visible{outline-offset:-3px}
.messages>:first-child{margin-block-start:auto}
.messages>.empty{margin-block:auto}
.messages.told>:first-child{margin-block-start:0}
.headline{padding:14px 4px 2px;font-size:1.2em;font-weight:650;line-height:1.3;letter-spacing:-.01em;overflow-wrap:anywhere;text-align:-webkit-match-parent;text-align:match-parent}
.rows{display:block}
.beginning{padding:20px 12px 8px;text-align:center;color:var(--_text-muted);font-size:.85em}
.messages>.beginning+.rows{margin-block-end:0}
.day,.system{text-align:center;color:var(--_text-muted);font-size:.82em;padding:16px 8px 10px;overflow-wrap:anywhere}
.day{font-weight:600}
.system{padding-block:6px}
.new-line{
  display:flex;align-items:center;gap:12px;color:var(--_danger);font-size:.8em;font-weight:650;padding:12px 0 6px;
}
.new-line::before,.new-line::after{content:"";flex:1;block-size:1px;background:currentColor;opacity:.45}
.message{display:flex;gap:8px;padding-block:1px;align-items:flex-end}
.message.first{padding-block-start:9px}
.day+.message.first,.new-line+.message.first{padding-block-start:2px}
.message.own{justify-content:flex-end}
.gutter{flex:none;inline-size:30px;align-self:flex-end}
.gutter .avatar{--size:30px}
.message.last>.gutter{padding-block-end:22px}
.stack{display:flex;flex-direction:column;align-items:flex-start;min-inline-size:0;max-inline-size:min(84%,640px)}
.own .stack{align-items:flex-end}
.sender{font-size:.82em;font-weight:600;color:var(--_text-muted);padding:0 12px 3px;max-inline-size:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.line-up{display:flex;align-items:center;gap:2px;min-inline-size:0;max-inline-size:100%}
.own .line-up{flex-direction:row-reverse}
.bubble{
  --r:var(--_bubble-radius);min-inline-size:0;padding:8px 13px;border-radius:var(--r);overflow-wrap:anywhere;
  background:var(--_other-background);color:var(--_other-text);border:1px solid transparent;
}
.own .bubble{background:var(--_own-background);color:var(--_own-text)}
.other:not(.first) .bubble{border-start-start-radius:6px}
.other:not(.last) .bubble{border-end-start-radius:6px}
.own:not(.first) .bubble{border-start-end-radius:6px}
.own:not(.last) .bubble{border-end-end-radius:6px}
.text{white-space:pre-wrap;text-align:start;-webkit-user-select:text;user-select:text}
.text.folded{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:20;overflow:hidden}
.text a,.bubble .link{color:inherit;text-decoration:underline;text-underline-offset:2px}
.other .text a,.other .bubble .link{color:var(--_accent)}
.bubble.emoji{background:none;padding:2px 4px;font-size:2.5em;line-height:1.2}
.bubble.tombstone{background:none;border-color:var(--_border);color:var(--_text-muted);font-size:.94em}
.meta{display:flex;align-items:center;flex-wrap:wrap;gap:0 7px;padding:3px 6px 2px;font-size:.78em;color:var(--_text-muted);min-block-size:22px;font-variant-numeric:tabular-nums}
.own .meta{justify-content:flex-end}
.meta .icon{inline-size:14px;block-size:14px}
.receipt{display:inline-flex;align-items:center;gap:3px}
.receipt.read{color:var(--_accent)}
.meta.danger{color:var(--_danger)}
.remedies{display:inline-flex;gap:7px}
.meta.danger .link{color:inherit;min-block-size:28px;min-inline-size:44px;justify-content:center}
.pending.slow .bubble{background:color-mix(in srgb,var(--_own-background) 14%,var(--_background));color:var(--_text)}
.pending.held .bubble{background:var(--_surface);border:1px dashed var(--_text-muted);color:var(--_text)}
.pending.held .link{min-block-size:28px;min-inline-size:44px;justify-content:center}
.pending.failed .bubble{background:none;border-color:var(--_danger);color:var(--_text)}
.actions{position:relative;flex:none;opacity:0;transition:opacity .12s ease}
.message:hover .actions,.message:focus-within .actions,.actions.open{opacity:1}
@media (hover:none){.actions{opacity:.55}}
.menu{
  position:fixed;z-index:3;inset:0 auto auto 0;min-inline-size:172px;padding:6px;border-radius:14px;
  background:var(--_background);border:1px solid var(--_border);box-shadow:var(--_shadow);animation:appear .12s ease;
}
.menu-item{display:flex;align-items:center;gap:12px;inline-size:100%;min-block-size:44px;padding-inline:12px;border-radius:10px}
.menu-item:hover,.menu-item:focus-visible{background:var(--_surface)}
.menu-item .icon{inline-size:18px;block-size:18px}
.chips{display:flex;flex-wrap:wrap;gap:8px}
.chip{
  display:inline-flex;align-items:center;min-block-size:36px;padding:0 13px;border-radius:18px;background:var(--_background);
  border:1px solid var(--_border);font-weight:550;max-inline-size:100%;position:relative;
}
.chip::after{content:"";position:absolute;inset:-5px 0}
.chip:hover{border-color:var(--_accent);color:var(--_accent)}
.record{
  flex:none;display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:4px 16px;padding:8px 16px;
  border-block-end:1px solid var(--_border);background:var(--_surface);font-size:.86em;
}
.record dl{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0;min-inline-size:0;overflow-wrap:anywhere}
.record dl>div{display:flex;gap:6px}
.record dt{color:var(--_text-muted)}
.record dd{margin:0;font-weight:600}
.record-link{
  display:inline-flex;align-items:center;gap:4px;min-block-size:32px;color:var(--_accent);font-weight:600;text-decoration:none;position:relative;
}
.record-link::after{content:"";position:absolute;inset:-6px -4px}
.record-link:hover{text-decoration:underline;text-underline-offset:2px}
.record-link .icon{inline-size:16px;block-size:16px}
.record-actions{flex:none;padding:6px 12px;border-block-end:1px solid var(--_border);background:var(--_surface);font-size:.92em}
.record-buttons{display:flex;flex-wrap:wrap;gap:8px 6px}
@container (max-width:380px){
  .record-action{padding:0 11px;font-size:.92em}
}
.record-action{flex:none}
[aria-disabled=true]{opacity:.45;cursor:default}
.record-actions .notice{margin:8px 0 2px}
.deed{display:grid;gap:8px;padding-block:8px 4px}
.deed-question{font-weight:600;overflow-wrap:anywhere}
.deed .field{margin:0;min-block-size:0;background:var(--_background);border-color:var(--_border)}
.deed-buttons{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:8px}
.closed{
  flex:none;display:flex;align-items:center;justify-content:center;gap:8px;padding:14px 16px calc(14px + env(safe-area-inset-bottom,0px));
  border-block-start:1px solid var(--_border);color:var(--_text-muted);font-size:.9em;
}
.closed .icon{inline-size:18px;block-size:18px}
.pill{
  position:absolute;inset-block-end:10px;inset-inline:0;margin-inline:auto;inline-size:fit-content;z-index:2;
  display:flex;align-items:center;gap:6px;min-block-size:44px;padding-inline:18px 14px;border-radius:22px;
  background:var(--_accent);color:var(--_on-accent);font-weight:600;font-size:.92em;box-shadow:var(--_shadow);animation:rise .18s ease;border:1px solid transparent;
}
.pill .icon{inline-size:18px;block-size:18px}
.pill.round{inset-inline:auto 14px;padding:0;inline-size:44px;justify-content:center;background:var(--_background);color:var(--_text-muted);border-color:var(--_border)}
.typing-line{flex:none;block-size:20px;padding-inline:18px;font-size:.82em;line-height:20px;color:var(--_text-muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
@media (forced-colors:active){
  .bubble,.pill,.menu,.chip{border-color:CanvasText}
  .own .bubble{border-width:2px}
  .menu-item:focus-visible{outline:2px solid Highlight!important}
  .new-line::before,.new-line::after{background:CanvasText}
}
.composer{flex:none;padding:0 12px calc(12px + env(safe-area-inset-bottom,0px));background:var(--_background)}
.writing{
  display:flex;align-items:flex-end;gap:4px;padding:3px;padding-inline-start:16px;border-radius:24px;background:var(--_surface);
  border:1px solid var(--_border);transition:border-color .15s ease;
}
.writing:focus-within{border-color:var(--_accent);background:var(--_background)}
textarea{
  all:unset;box-sizing:border-box;flex:1;min-inline-size:0;min-block-size:44px;max-block-size:min(160px,35vh);padding-block:10px;font:inherit;color:inherit;
  line-height:24px;white-space:pre-wrap;overflow-wrap:anywhere;overflow-y:auto;text-align:start;cursor:text;
}
textarea:focus-visible{outline:none!important}
.send{
  flex:none;inline-size:44px;block-size:44px;border-radius:50%;display:grid;place-items:center;background:var(--_accent);color:var(--_on-accent);
  border:1px solid transparent;transition:opacity .15s ease,transform .15s ease,filter .15s ease;
}
.send:not([disabled]):hover{filter:brightness(1.08)}
.send:not([disabled]):active{transform:scale(.94)}
.send[disabled]{background:transparent;color:var(--_text-muted);opacity:.7}
.editing{display:flex;align-items:center;gap:10px;padding-inline-start:8px;color:var(--_accent);font-size:.9em;font-weight:600}
.editing .icon{inline-size:18px;block-size:18px}
.editing span{flex:1}
.counter{padding:4px 16px 0;font-size:.8em;color:var(--_text-muted);text-align:end;font-variant-numeric:tabular-nums}
.counter.danger{color:var(--_danger)}
.composer .notice,.announced .notice{margin:0 0 8px}
.announced{flex:none;display:grid;gap:8px;padding:12px;padding-block-end:calc(12px + env(safe-area-inset-bottom,0px));border-block-start:1px solid var(--_border)}
.announced .done{display:flex;align-items:center;justify-content:center;gap:8px;min-block-size:32px}
.announced .done .icon{inline-size:18px;block-size:18px;color:var(--_accent)}
@media (max-width:480px){textarea{font-size:max(16px,1em)}}
@media (forced-colors:active){.send,.send[disabled]{border-color:ButtonText}.writing:focus-within{border-color:Highlight}}
.office-hint{margin:0 12px 8px;padding:10px 14px;border-radius:12px;font-size:.9em;background:var(--_surface);color:var(--_text-muted);text-align:center}
`);
