import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import hljs from 'highlight.js/lib/core';
import { Runs } from '../src/reading/runs.js';

const rows = (await readFile(new URL('../../src/Pasteur/Pastes/languages.txt', import.meta.url), 'utf8')).split('\n')
  .filter(line => line !== '' && !line.startsWith('#')).map(line => line.split('|').map(column => column.trim()));

hljs.configure({ __emitter: /** @type {any} */ (Runs) });

/**
 * @param {string} module
 * @param {string} text
 */
async function painted(module, text) {
  const { default: grammar } = await import(`highlight.js/lib/languages/${module}`);
  hljs.registerLanguage(module, grammar);
  const { scopes, runs } = /** @type {Runs} */ (/** @type {unknown} */ (hljs.highlight(text, { language: module, ignoreIllegals: true })._emitter)).painted;
  const parts = [];
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    parts.push([text.slice(at, at + (runs[i] ?? 0)), scopes[runs[i + 1] ?? 0]]);
    at += runs[i] ?? 0;
  }
  assert.equal(at, text.length);
  return parts;
}

test('What stands out has its scope, and every character is in one run', async () => {
  assert.deepEqual(await painted('json', '{"a": 1, "b": true}'), [
    ['{', ''], ['"a"', 'attr'], [': ', ''], ['1', 'number'], [', ', ''], ['"b"', 'attr'], [': ', ''], ['true', 'keyword'], ['}', ''],
  ]);
});

test('What is put into a string is code again', async () => {
  const parts = await painted('javascript', 'x = `a${b + 1}c`');
  assert.deepEqual(parts.slice(-5), [['`a', 'string'], ['${b + ', ''], ['1', 'number'], ['}', ''], ['c`', 'string']]);
});

test('A part in another language has its own scopes', async () => {
  await painted('css', '');
  const parts = await painted('xml', '<style>a { color: red }</style>');
  assert.ok(parts.some(([text, scope]) => text === 'color' && scope === 'attribute'));
});

const nasty = '<script>alert(1)</script> &amp; "x" \'y\' \u202e {a: [1, 0x2f]} // c\n# d\n/* e */ let f = function () { return `g${h}`; }\n\ttab\r\n';
for (const [id = '', , , modules = ''] of rows) {
  if (modules === '-') continue;
  test(`${id} keeps every character of a text that is not in it`, async () => {
    await painted(modules.split(' ')[0] ?? '', nasty.repeat(3));
  });
}

test('More than 180 languages are offered, and no name stands for two', () => {
  assert.ok(rows.length > 180);
  const taken = new Map();
  for (const [id = '', , extension = '', , aliases = ''] of rows) {
    for (const word of new Set([id, extension, ...aliases.split(' ').filter(alias => alias !== '')].map(name => name.toLowerCase()))) {
      assert.equal(taken.get(word), undefined, `${word} stands for ${taken.get(word)} and ${id}`);
      taken.set(word, id);
    }
  }
});
