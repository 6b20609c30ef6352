import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notationBehind, split } from '../src/link.js';

const key = 'leXg0zjRdxTBWlr-QURQIAaqhZk-vOE7Qn6Klkxxjfk';

test('A key stands alone or before the lines to show', () => {
  assert.deepEqual(split(`#${key}`), { key, lines: undefined });
  assert.deepEqual(split(`#${key}.f2L3-L9`), { key, lines: { file: 'F2', first: 3, last: 9 } });
  assert.deepEqual(split(`#${key}.L3`), { key, lines: { file: '', first: 3, last: 3 } });
  assert.deepEqual(split(`#${key}.f1L3`), { key, lines: { file: '', first: 3, last: 3 } });
});

test('What mailers and sentences put behind a link does no harm', () => {
  assert.equal(split(`#${key}.`).key, key);
  assert.equal(split('#eyJrIjoiYSJ9%3D%3D').key, 'eyJrIjoiYSJ9==');
  assert.equal(split('#%').key, '%');
  assert.equal(split('').key, '');
});

test('Lines that are written keep the key and are read back', () => {
  const { parse, format } = notationBehind(key);
  for (const lines of [{ file: '', first: 3, last: 3 }, { file: 'F2', first: 3, last: 9 }]) assert.deepEqual(parse(format(lines)), lines);
  assert.equal(format({ file: 'F2', first: 3, last: 9 }), `#${key}.f2L3-L9`);
});
