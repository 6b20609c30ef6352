// Made as the OCaml Pasteur's page did, by node's cryptography: key and vector stand here so that no later change can move both.
import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import { openLegacy } from '../src/legacy.js';

const iv = Buffer.from('483b2ec4440d2cb046f4d576a194260d', 'hex');
const aes = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const clear = 'let () = print_endline "é ☃"\n';

/** @param {Buffer} k */
const keyOf = k => Buffer.from(JSON.stringify({ alg: 'A128CBC', ext: true, k: k.toString('base64url'), key_ops: ['encrypt', 'decrypt'], kty: 'oct' })).toString('base64');

/** @param {string | Buffer} content */
const sealed = content => {
  const cipher = createCipheriv('aes-128-cbc', aes, iv);
  return Buffer.concat([cipher.update(content), cipher.final()]).toString('hex');
};
const digits = (/** @type {string} */ hex) => new TextEncoder().encode(hex);

test('What the OCaml Pasteur encrypted opens', async () => {
  for (const hex of [sealed(clear), sealed(clear).toUpperCase()]) {
    const { files } = await openLegacy(digits(hex), keyOf(aes));
    assert.deepEqual(files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)]), [['paste.txt', clear]]);
  }
});

test('A fixed ciphertext opens', async () => {
  const { files } = await openLegacy(digits('7233db40830aea10addcf87f36617d41'), 'eyJhbGciOiJBMTI4Q0JDIiwiZXh0Ijp0cnVlLCJrIjoiang0dFBFdGFhWGlIbHFXMHc5TGg4QSIsImtleV9vcHMiOlsiZW5jcnlwdCIsImRlY3J5cHQiXSwia3R5Ijoib2N0In0=');
  assert.equal(new TextDecoder().decode(files[0]?.bytes), 'hello, world\n');
});

for (const key of ['', 'x', '%', 'bm8=', 'e30=', keyOf(Buffer.alloc(32)), keyOf(aes).slice(0, -8)]) {
  test(`"${key.slice(0, 12)}…" is no key`, async () => assert.rejects(openLegacy(digits(sealed(clear)), key), { failure: 'key' }));
}

test('A wrong key shows nothing, even where the padding fits by chance', async () => {
  for (let i = 0; i < 600; i++) {
    const wrong = Buffer.alloc(16);
    wrong.writeUInt32BE(i + 1);
    await assert.rejects(openLegacy(digits(sealed(clear)), keyOf(wrong)), { failure: 'sealed' });
  }
});

test('What is no ciphertext is said to be none, or cut', async () => {
  for (const text of ['', 'hello', 'zz'.repeat(16)]) await assert.rejects(openLegacy(digits(text), keyOf(aes)), { failure: 'none' });
  for (const missing of [1, 2]) await assert.rejects(openLegacy(digits(sealed(clear).slice(0, -missing)), keyOf(aes)), { failure: 'cut' });
});

test('A long one opens', async () => {
  const { files } = await openLegacy(digits(sealed(Buffer.alloc(16 * 1024 * 1024, 'a'))), keyOf(aes));
  assert.equal(files[0]?.bytes.length, 16 * 1024 * 1024);
});
