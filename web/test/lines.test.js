import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extend, format, parse } from '../src/lines.js';

test('An address names a line, a range, and lines of a later file', () => {
  assert.deepEqual(parse('#L3'), { file: '', first: 3, last: 3 });
  assert.deepEqual(parse('#L3-L9'), { file: '', first: 3, last: 9 });
  assert.deepEqual(parse('#L3-9'), { file: '', first: 3, last: 9 });
  assert.deepEqual(parse('#F2L10-L12'), { file: 'F2', first: 10, last: 12 });
});

test('A range written backwards is the same range', () => assert.deepEqual(parse('#L9-L3'), parse('#L3-L9')));

for (const fragment of ['', '#', '#L', '#L0', '#L01', '#L-1', '#L3-', '#L3-L', '#L3x', 'L3', '#F1', '#FL3', '#F0L3', '#l3', '#L9999999999', '#L1-L1-L1', '#L1e3']) {
  test(`"${fragment}" names no lines`, () => assert.equal(parse(fragment), undefined));
}

test('What is written is what was read', () => {
  for (const fragment of ['#L1', '#L3-L9', '#F2L1', '#F12L5-L60']) assert.equal(format(/** @type {any} */ (parse(fragment))), fragment);
});

test('A second line extends the first in both directions', () => {
  const at = (/** @type {string} */ fragment) => /** @type {import('../src/lines.js').Lines} */ (parse(fragment));
  assert.equal(format(extend(at('#L5'), at('#L9'))), '#L5-L9');
  assert.equal(format(extend(at('#L5'), at('#L2'))), '#L2-L5');
  assert.equal(format(extend(at('#L5-L9'), at('#L7'))), '#L5-L7');
});

test('A line of another file begins anew', () => {
  const now = /** @type {import('../src/lines.js').Lines} */ (parse('#F2L4'));
  assert.equal(format(extend(parse('#L5'), now)), '#F2L4');
  assert.equal(format(extend(undefined, now)), '#F2L4');
});
