/** The history: days, bubbles, what is said about them. */

export const threadRules = `
.thread{position:relative;flex:1;min-block-size:0;display:flex}
.messages{
  flex:1;min-inline-size:0;overflow-y:auto;overflow-x:hidden;overscroll-behavior:contain;overflow-anchor:none;
  padding:12px 14px 10px;position:relative;display:flex;flex-direction:column;
}
.messages:focus-visible{outline-offset:-3px}
.messages>:first-child{margin-block-start:auto}
.messages>.empty{margin-block:auto}
.rows{display:flex;flex-direction:column}
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
.message.last:has(.meta)>.gutter{padding-block-end:22px}
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
.pending.failed .bubble{background:none;border-color:var(--_danger);color:var(--_text)}
.actions{position:relative;flex:none;opacity:0;transition:opacity .12s ease}
.message:hover .actions,.message:focus-within .actions,.actions.open{opacity:1}
@media (hover:none){.actions{opacity:.55}}
.menu{
  position:absolute;z-index:3;inset-block-start:calc(100% + 4px);inset-inline-start:0;min-inline-size:172px;padding:6px;border-radius:14px;
  background:var(--_background);border:1px solid var(--_border);box-shadow:var(--_shadow);animation:appear .12s ease;
}
.menu.up{inset-block:auto calc(100% + 4px)}
.own .menu{inset-inline:auto 0}
.other .menu{inset-inline:auto 0}
.menu-item{display:flex;align-items:center;gap:12px;inline-size:100%;min-block-size:44px;padding-inline:12px;border-radius:10px}
.menu-item:hover,.menu-item:focus-visible{background:var(--_surface)}
.menu-item .icon{inline-size:18px;block-size:18px}
.pill{
  position:absolute;inset-block-end:10px;inset-inline:0;margin-inline:auto;inline-size:fit-content;z-index:2;
  display:flex;align-items:center;gap:6px;min-block-size:44px;padding-inline:18px 14px;border-radius:22px;
  background:var(--_accent);color:var(--_on-accent);font-weight:600;font-size:.92em;box-shadow:var(--_shadow);animation:rise .18s ease;border:1px solid transparent;
}
.pill .icon{inline-size:18px;block-size:18px}
.pill.round{inset-inline:auto 14px;padding:0;inline-size:44px;justify-content:center;background:var(--_background);color:var(--_text-muted);border-color:var(--_border)}
.typing-line{flex:none;block-size:20px;padding-inline:18px;font-size:.82em;line-height:20px;color:var(--_text-muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
@media (forced-colors:active){
  .bubble,.pill,.menu{border-color:CanvasText}
  .own .bubble{border-width:2px}
  .menu-item:focus-visible{outline:2px solid Highlight!important}
  .new-line::before,.new-line::after{background:CanvasText}
}
`;
