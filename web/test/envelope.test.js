import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isKey, NotOpened, open, paddedLength, seal } from '../src/envelope.js';
import { proofHashOf, proofOf } from '../src/key-proof.js';
import './strict-inflate.js';

/** @typedef {{ name: string, envelope: string, key: string, passphrase: string | null, fails?: string, proof?: string, files?: { name: string, bytes: string }[], language?: string | null }} Vector */

/** @type {Vector[]} */
const vectors = JSON.parse(readFileSync(new URL('../../docs/formats/envelope-vectors.json', import.meta.url), 'utf8'));

/** @param {string} hex */
const ofHex = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));

/** @param {Uint8Array} bytes */
const toHex = bytes => Buffer.from(bytes).toString('hex');

for (const vector of vectors) {
  test(`Vector "${vector.name}" ${vector.fails ? `fails as "${vector.fails}"` : 'opens'}`, async () => {
    const opening = open(ofHex(vector.envelope), vector.key, vector.passphrase ?? undefined);
    if (vector.fails) {
      await assert.rejects(opening, error => error instanceof NotOpened && error.failure === vector.fails);
      return;
    }
    const { files, language } = await opening;
    assert.deepEqual(files.map(({ name, bytes }) => ({ name, bytes: toHex(bytes) })), vector.files);
    assert.equal(language ?? null, vector.language ?? null);
  });
}

test('The proof is that of the other implementation', async () => {
  const proofs = vectors.filter(vector => vector.proof);
  assert.ok(proofs.length > 5);
  for (const { key, proof = '' } of proofs) {
    assert.equal(await proofOf(key), proof);
    assert.equal(await proofHashOf(key), toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', ofHex(proof)))));
  }
});

const text = new TextEncoder().encode('a <b> & é\n'.repeat(50));

test('What is sealed opens again, with and without a passphrase', async () => {
  const files = [{ name: 'a.txt', bytes: text }, { name: 'é/../b', bytes: new Uint8Array([0, 255]) }, { name: '', bytes: new Uint8Array() }];
  for (const passphrase of ['', 'pâté 🔑']) {
    const { envelope, key } = await seal({ files, language: 'ocaml' }, passphrase);
    assert.ok(isKey(key));
    assert.deepEqual(await open(envelope, key, passphrase.normalize('NFD')), { files, language: 'ocaml' });
  }
});

test('The same text is sealed differently each time, and is not in it', async () => {
  const first = await seal({ files: [{ name: 'canary.txt', bytes: text }] });
  const second = await seal({ files: [{ name: 'canary.txt', bytes: text }] });
  assert.notEqual(first.key, second.key);
  assert.notDeepEqual(first.envelope, second.envelope);
  assert.equal(Buffer.from(first.envelope).includes('canary'), false);
  assert.deepEqual(toHex(first.envelope.subarray(0, 10)), '50737472456e760a0100');
});

test('An edit under the same key draws salt and initialization vector anew: with the same ones twice, GCM hides nothing', async () => {
  const { key } = await seal({ files: [{ name: 'a', bytes: text }] });
  for (const [passphrase, ivAt] of /** @type {[string, number][]} */ ([['', 10], ['x', 30]])) {
    const [drawnSalts, drawnIvs] = [new Set(), new Set()];
    for (let edit = 0; edit < 3; edit++) {
      const made = await seal({ files: [{ name: 'a', bytes: text }] }, passphrase, key);
      assert.equal(made.key, key);
      drawnSalts.add(toHex(made.envelope.subarray(10, 26)));
      drawnIvs.add(toHex(made.envelope.subarray(ivAt, ivAt + 12)));
    }
    assert.equal(drawnIvs.size, 3);
    if (passphrase) assert.equal(drawnSalts.size, 3);
  }
});

test('A passphrase does not open a paste that has none, nor the other way round', async () => {
  const plain = await seal({ files: [{ name: 'a', bytes: text }] });
  const keyed = await seal({ files: [{ name: 'a', bytes: text }] }, 'x');
  assert.equal((await open(plain.envelope, plain.key, 'x')).files.length, 1);
  await assert.rejects(open(keyed.envelope, keyed.key), { failure: 'passphrase' });
  await assert.rejects(open(keyed.envelope, keyed.key, 'y'), { failure: 'sealed' });
});

test('Envelopes of texts that are nearly as long are equally long', async () => {
  const lengths = new Set();
  for (let extra = 0; extra < 20; extra++) {
    const bytes = crypto.getRandomValues(new Uint8Array(20_000 + extra));
    lengths.add((await seal({ files: [{ name: 'a', bytes }] })).envelope.length);
  }
  assert.equal(lengths.size, 1);
});

test('Padding grows as Padmé says', () => {
  for (const [length, padded] of [[0, 256], [1, 256], [256, 256], [257, 272], [1000, 1024], [1024, 1024], [1025, 1088], [100_000, 100_352], [1 << 20, 1 << 20]]) {
    assert.equal(paddedLength(/** @type {number} */ (length)), padded);
  }
});

test('More than 64 MiB is not sealed', async () => {
  await assert.rejects(seal({ files: [{ name: 'a', bytes: new Uint8Array(64 * 1024 * 1024) }] }), { failure: 'content' });
});

test('A head of more than 1 MiB is not sealed: nobody could open it', async () => {
  await assert.rejects(seal({ files: [{ name: 'a'.repeat(1024 * 1024), bytes: text }] }), { failure: 'content' });
});

test('What is missing is said before rounds out of range', async () => {
  const { envelope, key } = await seal({ files: [{ name: 'a', bytes: text }] }, 'x');
  envelope.set([0, 0, 0, 1], 26);
  await assert.rejects(open(envelope, 'x', 'x'), { failure: 'key' });
  await assert.rejects(open(envelope, key), { failure: 'passphrase' });
  await assert.rejects(open(envelope, key, 'x'), { failure: 'content' });
});
