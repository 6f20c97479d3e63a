import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STATIC = join(ROOT, 'flask_chat/static');
const read = (/** @type {string[]} */ ...path) => readFileSync(join(...path), 'utf8');
const run = (/** @type {string} */ command, /** @type {string[]} */ args, cwd = ROOT) => execFileSync(command, args, { cwd, encoding: 'utf8' });

/** A host's folder with the package installed as npm packs it. */
let host = '';

before(() => {
  host = mkdtempSync(join(tmpdir(), 'host-'));
  run('npm', ['pack', STATIC, '--silent', '--offline'], host);
  const [tarball] = readdirSync(host);
  mkdirSync(join(host, 'node_modules/flask-chat-client'), { recursive: true });
  run('tar', ['xzf', tarball, '--strip-components=1', '-C', 'node_modules/flask-chat-client'], host);
});

after(() => rmSync(host, { recursive: true }));

test('the package of a host holds the client, its types and nothing of the widget', () => {
  const files = readdirSync(join(host, 'node_modules/flask-chat-client')).sort();
  assert.deepEqual(files, [
    'LICENSE', 'README.md', 'client', 'client.js', 'headless.js', 'kept.js', 'net', 'package.json', 'page.js', 'react.js',
    'state', 'types',
  ]);
});

test('it has the version of the Python package', () => {
  const { version } = JSON.parse(read(STATIC, 'package.json'));
  assert.match(read(ROOT, 'flask_chat/__init__.py'), new RegExp(`^__version__ = "${version.replaceAll('.', '\\.')}"$`, 'm'));
});

test('its types are those of the modules as they are now (scripts/declare-types)', () => {
  const fresh = join(host, 'types');
  run(join(ROOT, 'scripts/declare-types'), [fresh]);
  assert.deepEqual(readdirSync(join(STATIC, 'types')).sort(), readdirSync(fresh).sort());
  for (const file of readdirSync(fresh)) assert.equal(read(STATIC, 'types', file), read(fresh, file), file);
});

test('a host in TypeScript is helped, and told of its mistakes', () => {
  const check = (/** @type {string} */ line) => {
    writeFileSync(
      join(host, 'host.ts'),
      `import { createChatClient, fetchBoot } from 'flask-chat-client';
       import type { State } from 'flask-chat-client/types';
       const chat = createChatClient((await fetchBoot())!);
       const state: State = chat.getSnapshot();
       ${line}`,
    );
    const options = '--noEmit --strict --target es2022 --module es2022 --moduleResolution bundler --lib es2022,dom,dom.iterable'.split(' ');
    return run(join(ROOT, 'node_modules/.bin/tsc'), [...options, '--typeRoots', 'none', 'host.ts'], host);
  };
  check('export const unread: number = state.totals.unread;');
  assert.throws(() => check('export const unread: string = state.totals.unread;'), (/** @type {any} */ error) => error.stdout.includes('TS2322'));
});

test('the example of the docs runs with the package as it is', () => {
  const [, code] = /<!-- node: headless -->\n```js\n(.*?)```/s.exec(read(ROOT, 'docs/headless.md')) ?? [];
  assert.ok(code);
  writeFileSync(join(host, 'page.mjs'), read(ROOT, 'tests/widget/support/page.js').replaceAll("'./", `'${ROOT}tests/widget/support/`));
  writeFileSync(join(host, 'example.mjs'), `import { draw, told } from './page.mjs';\n${code}\nleave();\nconsole.log(JSON.stringify(await told()));`);
  const { drawn, posted, listening } = JSON.parse(run('node', ['example.mjs'], host));
  assert.deepEqual(posted, ['Is there a place in 6A?']);
  assert.equal(drawn.unread, 2);
  assert.equal(listening, 0);
});

test('what the docs say a person can do can be done', () => {
  const [, table] = /## What a person can do(.*?)\n## /s.exec(read(ROOT, 'docs/headless.md')) ?? [];
  const described = [...table.matchAll(/^\| `([a-z.]+)` /gm)].map(([, type]) => type);
  const [, verbs] = /this\.#verbs = \{(.*?)\n {4}\};/s.exec(read(STATIC, 'client/desk.js')) ?? [];
  const known = [...verbs.matchAll(/^ {6}'?([a-z.]+)'?: /gm)].map(([, type]) => type);
  assert.ok(described.length > 20);
  for (const type of described) assert.ok([...known, 'connection.retry'].includes(type), type);
});
