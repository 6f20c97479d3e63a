import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const STATIC = normalize(join(dirname(fileURLToPath(import.meta.url)), '../../flask_chat/static'));
const IMPORT = /(?:^|[;}])\s*(?:import|export)\b(?:[^;'"(]*?\bfrom)?\s*["'](\.[^'"]+)["']/gm;

/** Where somebody opens the list, and where they open a conversation in it. */
const CLOSED = ['widget.js'];
const OPENED = [...CLOSED, 'views/panel.js', 'client/desk.js', 'state/apply.js', 'i18n/en.js'];
const READING = [...OPENED, 'views/thread.js', 'views/styles/thread.js', 'views/writing.js'];

/** The text of these modules and of all that they import at once, each file once. @param {string[]} entries */
function arriving(entries) {
  const texts = new Map();
  for (const todo = [...entries]; todo.length; ) {
    const path = /** @type {string} */ (todo.pop());
    if (texts.has(path)) continue;
    const text = readFileSync(join(STATIC, path), 'utf8');
    texts.set(path, text);
    for (const [, found] of text.replace(/\/\*.*?\*\//gs, '').matchAll(IMPORT)) todo.push(normalize(join(dirname(path), found)));
  }
  return texts;
}

/**
 * As it travels: every file packed by itself.
 * @param {string[]} entries @param {{files: number, kib: number}} most
 */
function weighs(entries, { files, kib }) {
  const texts = [...arriving(entries).values()];
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  assert.ok(texts.length <= files, `${texts.length} files`);
  assert.ok(bytes <= kib * 1024, `${(bytes / 1024).toFixed(1)} KiB`);
}

/*
 * The budget was 12 KiB closed and 40 KiB opened; docs/decisions/0016-served-as-written.md says why
 * it is not kept. These bounds keep what is.
 */
test('a closed chat loads little', () => weighs(CLOSED, { files: 22, kib: 32 }));

test('an opened chat loads no page that was not asked for', () => weighs(OPENED, { files: 74, kib: 98 }));

test('a conversation brings what it is read and written with, and nothing for others', () => weighs(READING, { files: 85, kib: 113 }));
