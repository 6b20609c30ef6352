import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanName, countLines, pictureType, shownLength, splitAtMarks, textOf } from '../src/content.js';
import { sizeText } from '../src/wording.js';

/** @param {string} latin1 */
const bytes = latin1 => Uint8Array.from(latin1, c => c.charCodeAt(0));

test('Text is UTF-8 without NUL, and keeps its byte order mark and its carriage returns', () => {
  assert.equal(textOf(new TextEncoder().encode('\ufeffé\r\n')), '\ufeffé\r\n');
  for (const other of ['a\0b', '\xff', '\xc3']) assert.equal(textOf(bytes(other)), undefined);
});

test('Pictures are told by their first bytes, and SVG and HTML are never one', () => {
  assert.equal(pictureType(bytes('\x89PNG\r\n\x1a\n....')), 'image/png');
  assert.equal(pictureType(bytes('\xff\xd8\xff\xe0')), 'image/jpeg');
  assert.equal(pictureType(bytes('GIF89a')), 'image/gif');
  assert.equal(pictureType(bytes('RIFF\n\0\0\0WEBP')), 'image/webp');
  for (const other of ['', '<svg xmlns="http://www.w3.org/2000/svg">', '<!doctype html>', '%PDF-1.7', 'RIFF....WAVE']) assert.equal(pictureType(bytes(other)), undefined);
});

test('A name is one segment without what steers', () => {
  for (const [given, shown] of [
    ['a.ml', 'a.ml'], ['../../etc/passwd', 'passwd'], ['C:\\x\\a.txt', 'a.txt'], ['', 'paste.txt'], ['..', 'paste.txt'], ['-', 'paste.txt'], ['a/', 'paste.txt'],
    ['\u202Egpj.exe', 'gpj.exe'], ['a\nb\x1b[0m', 'ab[0m'], [' é 雪.txt ', 'é 雪.txt'], ['x'.repeat(500), 'x'.repeat(128)], [`${'x'.repeat(127)}😀.txt`, 'x'.repeat(127)],
  ]) assert.equal(cleanName(/** @type {string} */ (given)), shown);
});

test('Sizes and lines are counted as on the page of a plain paste', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 1048575, 1048576, 1572864].map(sizeText), ['0 B', '1023 B', '1 KiB', '1.5 KiB', '1024 KiB', '1 MiB', '1.5 MiB']);
  assert.deepEqual(['', 'a', 'a\n', '\n', 'a\n\nb'].map(countLines), [0, 1, 1, 1, 3]);
});

test('What is too long is cut at the end of a line, or at least of a character', () => {
  const of = (/** @type {string} */ text, /** @type {number} */ room) => shownLength(new TextEncoder().encode(text), room);
  assert.equal(of('a\nb\n', 10), 4);
  assert.equal(of('a\nbcd', 4), 2);
  assert.equal(of('aéé', 4), 3);
});

test('Characters that turn text around stand alone', () => {
  assert.deepEqual(splitAtMarks('a\u202Eb\u2066'), ['a', '\u202E', 'b', '\u2066', '']);
  assert.deepEqual(splitAtMarks('<b>'), ['<b>']);
});
