import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import launcher from '../../flask_chat/static/i18n/en-launcher.js';
import panel from '../../flask_chat/static/i18n/en.js';

const en = { ...launcher, ...panel };

const STATIC = normalize(join(dirname(fileURLToPath(import.meta.url)), '../../flask_chat/static'));

/** @param {string} folder @returns {string[]} */
function modules(folder) {
  return readdirSync(join(STATIC, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'vendor' ? [] : modules(path);
    return path.endsWith('.js') ? [path] : [];
  });
}

/** @param {string} module */
const textOf = (module) => readFileSync(join(STATIC, module), 'utf8');

/** @param {string} module */
function importsOf(module) {
  const found = [...textOf(module).matchAll(/^(?:import|export)[^;]*?['"](\.[^'"]+)['"];$/gms)];
  return found.map(([, path]) => relative(STATIC, normalize(join(STATIC, dirname(module), path))));
}

/** @param {string} room @param {string[]} allowed */
function keepsTo(room, allowed) {
  for (const module of modules(room)) {
    for (const path of importsOf(module)) assert.ok(allowed.some((each) => path.startsWith(each)), `${module} imports ${path}`);
  }
}

test('net and state know nothing of each other, nor of the page', () => {
  keepsTo('net', ['net']);
  keepsTo('state', ['state']);
  for (const module of [...modules('net'), ...modules('state')]) {
    assert.doesNotMatch(textOf(module), /\b(document|window)\./, module);
  }
});

test('the client knows no view', () => {
  keepsTo('client', ['client', 'net', 'state', 'kept.js']);
});

test('nothing in the modules needs more than the strictest policy allows', () => {
  for (const module of modules('')) {
    assert.doesNotMatch(textOf(module), /innerHTML|insertAdjacentHTML|\beval\(|new Function|unsafeHTML|\sstyle=/, module);
  }
});

test('every text that is asked for is in the catalogue, and none is there in vain', () => {
  const sources = modules('').filter((module) => !module.startsWith('i18n')).map(textOf).join('\n') + textOf('i18n/dates.js');
  const literals = new Set([...sources.matchAll(/'([a-z.]+)'/g)].map(([, key]) => key));
  const dynamic = /^problem\./;
  for (const key of Object.keys(en)) assert.ok(dynamic.test(key) || literals.has(key), `${key} is never used`);
  for (const [, key] of sources.matchAll(/\bt\('([a-z.]+)'/g)) assert.ok(key in en, `${key} is missing`);
});

test('no module is longer than a newcomer wants to read', () => {
  for (const module of modules('')) assert.ok(textOf(module).split('\n').length <= 260, module);
});
