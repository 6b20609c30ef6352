import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { solve } from '../src/solve.js';

/** @param {string} text */
const zeros = text => {
  const digest = createHash('sha256').update(text).digest();
  return Math.clz32(digest.readUInt32BE(0));
};

test('what it finds begins with so many zero bits, and nothing smaller does', () => {
  for (const bits of [1, 4, 8, 12]) {
    const challenge = randomBytes(48).toString('base64url');
    const proof = solve(challenge, bits);
    const number = Number(proof.slice(challenge.length + 1));
    assert.equal(proof, `${challenge}.${number}`);
    assert.ok(zeros(proof) >= bits);
    for (let smaller = 0; smaller < number; smaller++) assert.ok(zeros(`${challenge}.${smaller}`) < bits, `${smaller} would have done`);
  }
});

test('texts of other lengths than those of the site are hashed as well', () => {
  for (const length of [0, 1, 37, 63, 64, 100, 127, 130]) {
    const proof = solve('x'.repeat(length), 9);
    assert.ok(zeros(proof) >= 9, `${length}`);
  }
});

test('one for whose number there is no room is refused', () => assert.throws(() => solve('x'.repeat(40), 1), RangeError));

test('eighteen bits take no longer than people type', () => {
  const begun = performance.now();
  solve(randomBytes(48).toString('base64url'), 18);
  assert.ok(performance.now() - begun < 20_000);
});
