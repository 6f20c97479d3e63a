import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendar } from '../../flask_chat/static/i18n/dates.js';
import launcher from '../../flask_chat/static/i18n/en-launcher.js';
import panel from '../../flask_chat/static/i18n/en.js';
import { languageOf } from '../../flask_chat/static/i18n/translate.js';
import { translator } from '../../flask_chat/static/i18n/translate.js';
import { rowsOf } from '../../flask_chat/static/views/rows.js';
import { isEmoji, isLong, segments } from '../../flask_chat/static/views/segments.js';
import { ANA, BEN, message } from './support/builders.js';

const t = translator({ ...launcher, ...panel }, 'en');
const kinds = (/** @type {any[]} */ rows) => rows.map((row) => row.kind);

test('a plural takes its form and its number', () => {
  assert.equal(t('launcher.unread', { count: 1 }), 'Open chat, 1 unread message');
  assert.equal(t('launcher.unread', { count: 1200 }), 'Open chat, 1,200 unread messages');
});

test('a name with braces stays a name', () => {
  assert.equal(t('typing.one', { one: '{two}' }), '{two} is typing…');
});

test('days have words while they are near', () => {
  const dates = calendar(t, () => new Date(2026, 4, 20, 12).getTime());
  assert.equal(dates.day(new Date(2026, 4, 20, 1).toISOString()), 'Today');
  assert.equal(dates.day(new Date(2026, 4, 19, 23).toISOString()), 'Yesterday');
  assert.match(dates.day(new Date(2026, 4, 11, 9).toISOString()), /Monday/);
});

test('only http, https and mailto become links', () => {
  const links = (/** @type {string} */ body) => segments(body).flatMap(({ href }) => href ?? []);
  assert.deepEqual(links('see https://school.example/a, or (http://b.example).'), ['https://school.example/a', 'http://b.example/']);
  assert.deepEqual(links('mailto:ana@school.example'), ['mailto:ana@school.example']);
  assert.deepEqual(links('javascript:alert(1) data:text/html,x ftp://a'), []);
});

test('no letter of a body is lost between its segments', () => {
  for (const body of ['', 'plain', 'https://a.example', 'a https://a.example. b http://c.example!', '<b>https://x.example</b>']) {
    assert.equal(segments(body).map(({ text }) => text).join(''), body);
  }
});

test('one to three emoji are large, and nothing else is', () => {
  for (const body of ['🎉', '👍🏽', '👩‍👩‍👧 🎉 ❤️', '🇫🇷']) assert.ok(isEmoji(body), body);
  for (const body of ['12', 'ok 🎉', '🎉🎉🎉🎉', '']) assert.ok(!isEmoji(body), body);
});

test('above twenty lines a message folds', () => {
  assert.ok(!isLong('line\n'.repeat(18)));
  assert.ok(isLong('line\n'.repeat(30)));
  assert.ok(isLong('x'.repeat(2_000)));
});

test('messages of one person within five minutes stand together', () => {
  const near = [message(1), message(2), message(3, { author: ANA })];
  const rows = rowsOf(near, [], { me: '1', line: null });
  assert.deepEqual(kinds(rows), ['day', 'message', 'message', 'message']);
  assert.deepEqual(rows.slice(1).map((/** @type {any} */ row) => [row.first, row.last]), [[true, false], [false, true], [true, true]]);
  const later = [message(1), message(2, { created_at: new Date(Date.parse(message(1).created_at) + 400_000).toISOString() })];
  assert.equal(/** @type {any} */ (rowsOf(later, [], { me: '1', line: null })[2]).first, true);
});

test('the line stands above the first new message of others', () => {
  const rows = rowsOf([message(1), message(2, { author: ANA }), message(3)], [], { me: '1', line: 1 });
  assert.deepEqual(kinds(rows), ['day', 'message', 'message', 'line', 'message']);
});

test('the line is drawn once, however far one has scrolled', () => {
  const rows = rowsOf([message(5), message(6)], [], { me: '1', line: 2, before: message(4) });
  assert.ok(!kinds(rows).includes('line'));
});

test('own words keep their key when they have been sent', () => {
  const pending = /** @type {any} */ ({ client_id: 'mine', body: 'hi', status: 'sending' });
  const [waiting] = rowsOf([], [pending], { me: '1', line: null });
  const sent = rowsOf([message(1, { author: ANA, client_id: 'mine' })], [], { me: '1', line: null })[1];
  assert.equal(waiting.key, sent.key);
  const others = rowsOf([message(1, { author: BEN, client_id: 'mine' })], [], { me: '1', line: null })[1];
  assert.notEqual(waiting.key, others.key);
});

const languages = ['ar', 'de', 'es', 'zh'];

for (const language of languages) {
  test(`${language} has a form for every number`, async () => {
    const texts = { ...(await import(`../../flask_chat/static/i18n/${language}-launcher.js`)).default, ...(await import(`../../flask_chat/static/i18n/${language}.js`)).default };
    assert.deepEqual(Object.keys(texts), Object.keys({ ...launcher, ...panel }));
    const rules = new Intl.PluralRules(language);
    for (const [key, forms] of Object.entries(texts)) {
      if (typeof forms === 'string') continue;
      for (const count of [0, 1, 2, 3, 11, 100, 111, 1_000_000]) assert.ok(forms[rules.select(count)], `${key} ${count}`);
    }
  });
}

test('a page speaks the nearest language there is', () => {
  const page = (/** @type {string|null} */ lang) => /** @type {any} */ ({ closest: () => (lang === null ? null : { getAttribute: () => lang }) });
  const own = (/** @type {string|null} */ lang) => languageOf(page(lang)).own;
  assert.deepEqual(['de', 'de-AT', 'DE-at', 'zh-Hans', 'zh-CN', 'ar-MA'].map(own), ['de', 'de', 'de', 'zh', 'zh', 'ar']);
  assert.deepEqual(['zh-TW', 'zh-Hant', 'tlh', 'not a language', '', null].map(own), ['en', 'en', 'en', 'en', 'en', 'en']);
  assert.equal(languageOf(page('de-AT')).tag, 'de-AT');
  assert.equal(languageOf(page('fr-CA')).tag, 'en');
});

test("a host's language goes before ours", () => {
  const page = /** @type {any} */ ({ closest: () => ({ getAttribute: () => 'fr-CA' }) });
  assert.deepEqual(languageOf(page, { fr: '/fr', de: '/de' }), { tag: 'fr-CA', own: 'en', over: '/fr' });
  assert.equal(languageOf(page, { fr: '/fr', 'fr-CA': '/ca' }).over, '/ca');
});

test('a name of the other direction is fenced in', () => {
  assert.equal(t('typing.one', { one: 'ليلى' }), '\u2068ليلى\u2069 is typing…');
  assert.equal(t('typing.one', { one: 'Zoë' }), 'Zoë is typing…');
  const arabic = translator({ hello: 'مرحبا {name}' }, 'ar');
  assert.equal(arabic.direction, 'rtl');
  assert.equal(arabic('hello', { name: 'Zoë' }), 'مرحبا \u2068Zoë\u2069');
});

test('numbers are written as the language writes them', () => {
  assert.equal(translator(panel, 'de')('thread.members', { count: 1234 }), '1.234 members');
});
