import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encode } from '../src/qr.js';

const folder = mkdtempSync(join(tmpdir(), 'qr-'));
after(() => rmSync(folder, { recursive: true }));

/**
 * What zbarimg, which is none of ours, reads in a picture of the code.
 * @param {string} text
 */
function read(text) {
  const grid = encode(new TextEncoder().encode(text));
  assert.ok(grid, 'it has a code');
  const scale = 4;
  const quiet = 4;
  const side = (grid.size + 2 * quiet) * scale;
  const pixels = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [column, row] = [Math.floor(x / scale) - quiet, Math.floor(y / scale) - quiet];
      if (column < 0 || row < 0 || column >= grid.size || row >= grid.size) continue;
      if (grid.isDark[row * grid.size + column]) pixels[y * side + x] = 0;
    }
  }
  const picture = join(folder, 'code.pgm');
  writeFileSync(picture, Buffer.concat([Buffer.from(`P5 ${side} ${side} 255\n`), pixels]));
  const said = execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture], { encoding: 'utf8' });
  return { text: said.replace(/\n$/, ''), size: grid.size };
}

const links = 'https://paste.example.org/4k2h9x7qpm#L0ngK3y_-abcdefghijklmnopqrstuvwxyz0123456789.f2L10-L20?';

test('The links of pastes are read back, plain ones and those with a key', () => {
  for (const text of ['http://127.0.0.1:4343/k2h9x7qpm4', links, 'A']) assert.equal(read(text).text, text);
});

test('Every size of code is read back, full to the last byte and with one to spare', () => {
  // What fits at level M into versions 1 to 20 in bytes (ISO/IEC 18004 table 7).
  const rooms = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666];
  for (const [i, room] of rooms.entries()) {
    for (const length of [room, (rooms[i - 1] ?? 0) + 1]) {
      const text = links.repeat(10).slice(0, length);
      const { text: seen, size } = read(text);
      assert.equal(seen, text, `${length} bytes`);
      assert.equal(size, 4 * (i + 1) + 17, `${length} bytes are of version ${i + 1}`);
    }
  }
});

test('What is too long has no code', () => assert.equal(encode(new Uint8Array(667)), undefined));

// zbarimg reads on when some of these 15 bits are wrong; other readers may not.
test('The format is said as ISO/IEC 18004 table C.1 has it for level M, both times', () => {
  const table = ['101010000010010', '101000100100101', '101111001111100', '101101101001011', '100010111111001', '100000011001110', '100111110010111', '100101010100000'];
  for (const text of [links, 'A', links.repeat(4)]) {
    const grid = encode(new TextEncoder().encode(text));
    assert.ok(grid);
    const { size, isDark } = grid;
    /** @param {number[][]} places rows and columns, the highest bit first */
    const bits = (places) => places.map(([row = 0, column = 0]) => (isDark[row * size + column] ? '1' : '0')).join('');
    const corner = bits([...[0, 1, 2, 3, 4, 5, 7, 8].map((column) => [8, column]), ...[7, 5, 4, 3, 2, 1, 0].map((row) => [row, 8])]);
    const edges = bits([...[1, 2, 3, 4, 5, 6, 7].map((n) => [size - n, 8]), ...[8, 7, 6, 5, 4, 3, 2, 1].map((n) => [8, size - n])]);
    assert.ok(table.includes(corner), corner);
    assert.equal(edges, corner);
  }
});
