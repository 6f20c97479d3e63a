/** Where one writes. */

export const composerRules = `
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
`;
