import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contains, folded, search } from '../../flask_chat/static/state/search.js';
import { ANA, head, member, message } from './support/builders.js';

const conversation = (/** @type {object} */ more) => /** @type {any} */ (head(more));
const all = [
  conversation({ id: '1', title: 'Klassenfahrt 4b', preview: message(1, { body: 'Wer bringt die Fahrkarten?' }) }),
  conversation({ id: '2', title: null, kind: 'direct', members: [member(ANA), member({ id: '3', name: 'Émile Zöller' })] }),
  conversation({ id: '3', title: 'مُحَمَّد', preview: message(1, { body: 'secret', deleted: true }) }),
];
const state = /** @type {any} */ ({ threads: { 2: { rows: [message(4, { body: 'the tide is at nine' })] } } });
const found = (/** @type {string} */ query) => search(all, query, state, ({ title }) => title ?? 'Émile Zöller').map(({ id }) => id);

test('a conversation is found by its title, its people, and what is loaded', () => {
  assert.deepEqual(found('klassen'), ['1']);
  assert.deepEqual(found('zoller'), ['2']);
  assert.deepEqual(found('FAHRKARTEN'), ['1']);
  assert.deepEqual(found('tide nine'), ['2']);
  assert.deepEqual(found('محمد'), ['3']);
});

test('every word must be there, in any order', () => {
  assert.deepEqual(found('4b klassen'), ['1']);
  assert.deepEqual(found('4b zoller'), []);
  assert.deepEqual(found('  '), ['1', '2', '3']);
});

test('what was deleted is not found', () => {
  assert.deepEqual(found('secret'), []);
});

test('spellings of one word are one', () => {
  for (const [one, other] of [['STRASSE', 'straße'], ['e\u0301', 'é'], ['Ａｎａ', 'ana'], ['ﬁx', 'fix'], ['ΣΟΦΟΣ', 'σοφος'], ['Łódź', 'lodz']]) assert.equal(folded(one), folded(other), one);
  assert.ok(!contains('कि', folded('क')));
});
