// QR codes (ISO/IEC 18004) of links: bytes, error correction level M, versions 1 to 20. Loaded when somebody asks for one; a link whose
// key stands behind the # is drawn in the browser that knows it.
import { words } from './words.js';

const firstBit = 7;

/** Of each version, from 1: code words of error correction a block, and blocks (table 9, level M). */
const correction = [
  [10, 1], [16, 1], [26, 1], [18, 2], [24, 2], [16, 4], [18, 4], [22, 4], [22, 5], [26, 5],
  [30, 5], [22, 8], [22, 9], [24, 9], [24, 10], [28, 10], [28, 11], [26, 13], [26, 14], [26, 16],
];

/** @typedef {{ size: number, isDark: Uint8Array, isFixed: Uint8Array }} Grid modules row by row; fixed are those that carry no data */

/**
 * Draws the text's code into the container, in place of what was there.
 * @param {string} text an address, as browsers write it: ASCII
 * @param {Element} container
 * @returns {boolean} false when it is too long for a code that telephones read
 */
export function showQr(text, container) {
  const grid = encode(new TextEncoder().encode(text));
  if (!grid) return false;
  const quiet = 4;
  const side = grid.size + 2 * quiet;
  let path = '';
  for (let y = 0; y < grid.size; y++) {
    for (let x = 0; x < grid.size; x++) if (grid.isDark[y * grid.size + x]) path += `M${x + quiet} ${y + quiet}h1v1h-1z`;
  }
  const image = drawn('svg', { viewBox: `0 0 ${side} ${side}`, class: 'qr', role: 'img', 'aria-label': words['qr.label'], 'shape-rendering': 'crispEdges' });
  // Dark on light in every theme: not all readers know the other way round.
  image.append(drawn('rect', { width: side, height: side, fill: '#fff' }), drawn('path', { d: path, fill: '#000' }));
  container.replaceChildren(image);
  return true;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function drawn(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  return made;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Grid | undefined}
 */
export function encode(bytes) {
  for (let version = 1; version <= correction.length; version++) {
    const { blocks, perBlock, total } = capacity(version);
    const room = total - blocks * perBlock;
    if (bytes.length > room - (version < 10 ? 2 : 3)) continue;
    const grid = withPatterns(version);
    place(grid, interleaved(padded(bytes, version, room), version));
    return masked(grid);
  }
  return undefined;
}

/**
 * All code words of a version: what its modules hold beside the patterns.
 * @param {number} version
 */
function capacity(version) {
  const aligned = version > 1 ? Math.floor(version / 7) + 2 : 0;
  let bits = (16 * version + 128) * version + 64;
  if (version > 1) bits -= (25 * aligned - 10) * aligned - 55;
  if (version > 6) bits -= 36;
  const [perBlock = 0, blocks = 0] = correction[version - 1] ?? [];
  return { perBlock, blocks, total: bits >> 3 };
}

/**
 * mode 0100, length (8 bits, from version 10 on 16), bytes, terminator 0000, then EC 11 EC 11 …
 * @param {Uint8Array} bytes
 * @param {number} version
 * @param {number} room
 */
function padded(bytes, version, room) {
  const nibbles = version < 10 ? [4, bytes.length >> 4, bytes.length & 15] : [4, 0, bytes.length >> 8, (bytes.length >> 4) & 15, bytes.length & 15];
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  const words = new Uint8Array(room);
  for (let i = 0; i < room; i++) {
    const high = nibbles[2 * i];
    words[i] = high === undefined ? ((i - nibbles.length / 2) % 2 ? 0x11 : 0xec) : (high << 4) | (nibbles[2 * i + 1] ?? 0);
  }
  return words;
}

/**
 * The data's blocks, each with its correction, word by word in turns (section 7.6). The first blocks are one word shorter.
 * @param {Uint8Array} data
 * @param {number} version
 */
function interleaved(data, version) {
  const { blocks, perBlock, total } = capacity(version);
  const short = Math.floor(data.length / blocks);
  const shorts = blocks - (data.length % blocks);
  const divisor = generator(perBlock);
  const parts = Array.from({ length: blocks }, (_, i) => {
    const from = i * short + Math.max(0, i - shorts);
    const words = data.subarray(from, from + short + (i < shorts ? 0 : 1));
    return { words, correction: remainder(words, divisor) };
  });
  const all = [];
  for (let i = 0; i <= short; i++) for (const { words } of parts) if (i < words.length) all.push(words[i] ?? 0);
  for (let i = 0; i < perBlock; i++) for (const part of parts) all.push(part.correction[i] ?? 0);
  if (all.length !== total) throw new Error('code words do not add up');
  return all;
}

/**
 * In GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
 * @param {number} a
 * @param {number} b
 */
function times(a, b) {
  let product = 0;
  for (let bit = firstBit; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/**
 * The product of (x - 2^i), without its leading 1.
 * @param {number} degree
 */
function generator(degree) {
  const result = new Uint8Array(degree);
  result[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) result[j] = times(result[j] ?? 0, root) ^ (result[j + 1] ?? 0);
    root = times(root, 2);
  }
  return result;
}

/**
 * @param {Uint8Array} words
 * @param {Uint8Array} divisor
 */
function remainder(words, divisor) {
  const result = new Uint8Array(divisor.length);
  for (const word of words) {
    const factor = word ^ (result[0] ?? 0);
    result.copyWithin(0, 1);
    result[result.length - 1] = 0;
    for (let i = 0; i < result.length; i++) result[i] = (result[i] ?? 0) ^ times(divisor[i] ?? 0, factor);
  }
  return result;
}

/**
 * Finders, timing, alignment and version; the places of the format are kept free.
 * @param {number} version
 * @returns {Grid}
 */
function withPatterns(version) {
  const size = 4 * version + 17;
  const grid = { size, isDark: new Uint8Array(size * size), isFixed: new Uint8Array(size * size) };
  for (let i = 0; i < size; i++) {
    set(grid, 6, i, i % 2 === 0);
    set(grid, i, 6, i % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(grid, x ?? 0, y ?? 0, 4);
  const steps = version > 1 ? Math.floor(version / 7) + 2 : 0;
  const step = Math.ceil((size - 13) / (2 * steps - 2)) * 2;
  const at = Array.from({ length: steps }, (_, i) => (i === 0 ? 6 : size - 7 - (steps - 1 - i) * step));
  for (const [i, x] of at.entries()) {
    for (const [j, y] of at.entries()) {
      const isFinder = (i === 0 && j === 0) || (i === 0 && j === steps - 1) || (i === steps - 1 && j === 0);
      if (!isFinder) square(grid, x, y, 2);
    }
  }
  setFormat(grid, 0);
  if (version >= 7) setVersion(grid, version);
  return grid;
}

/**
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @param {boolean} isDark
 */
function set({ size, isDark: dark, isFixed }, x, y, isDark) {
  if (x < 0 || y < 0 || x >= size || y >= size) return;
  dark[y * size + x] = Number(isDark);
  isFixed[y * size + x] = 1;
}

/**
 * Squares within each other: of radius 4 a finder with its light frame, of radius 2 an alignment pattern.
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function square(grid, x, y, radius) {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(grid, x + dx, y + dy, radius === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
    }
  }
}

/**
 * Level M and the mask, with ten bits of BCH code (section 7.9), twice.
 * @param {Grid} grid
 * @param {number} mask
 */
function setFormat(grid, mask) {
  let rest = mask;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const { size } = grid;
  for (let i = 0; i < 15; i++) {
    const isDark = ((bits >> i) & 1) === 1;
    if (i < 6) set(grid, 8, i, isDark);
    else if (i < 8) set(grid, 8, i + 1, isDark);
    else if (i === 8) set(grid, 7, 8, isDark);
    else set(grid, 14 - i, 8, isDark);
    if (i < 8) set(grid, size - 1 - i, 8, isDark);
    else set(grid, 8, size - 15 + i, isDark);
  }
  set(grid, 8, size - 8, true);
}

/**
 * The version with twelve bits of BCH code (section 7.10), twice.
 * @param {Grid} grid
 * @param {number} version
 */
function setVersion(grid, version) {
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const isDark = ((bits >> i) & 1) === 1;
    const [a, b] = [grid.size - 11 + (i % 3), Math.floor(i / 3)];
    set(grid, a, b, isDark);
    set(grid, b, a, isDark);
  }
}

/**
 * Upwards and downwards in columns two wide, from the right, around what is fixed (section 7.7.3).
 * @param {Grid} grid
 * @param {number[]} codeWords
 */
function place({ size, isDark, isFixed }, codeWords) {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    // The column of the vertical timing pattern is none of them.
    if (right === 6) right = 5;
    const isUpward = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      for (const x of [right, right - 1]) {
        const place = (isUpward ? size - 1 - step : step) * size + x;
        if (isFixed[place] || at >= codeWords.length * 8) continue;
        isDark[place] = ((codeWords[at >> 3] ?? 0) >> (firstBit - (at & 7))) & 1;
        at++;
      }
    }
  }
}

/** @type {((x: number, y: number) => boolean)[]} section 7.8.2 */
const masks = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  x => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * With the mask that is easiest to read.
 * @param {Grid} grid
 */
function masked(grid) {
  const all = masks.map((isFlipped, mask) => {
    const made = { ...grid, isDark: grid.isDark.map((dark, i) => (grid.isFixed[i] ? dark : dark ^ Number(isFlipped(i % grid.size, Math.floor(i / grid.size))))) };
    setFormat(made, mask);
    return { made, penalty: penalty(made) };
  });
  return all.reduce((best, one) => (one.penalty < best.penalty ? one : best)).made;
}

/**
 * Section 7.8.3: runs, blocks of four, what looks like a finder, and how far from half of it is dark.
 * @param {Grid} grid
 */
function penalty({ size, isDark }) {
  let points = 0;
  for (let i = 0; i < size; i++) {
    const row = isDark.subarray(i * size, (i + 1) * size).join('');
    const column = Array.from({ length: size }, (_, y) => isDark[y * size + i]).join('');
    for (const line of [row, column]) {
      for (const run of line.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2;
      points += 40 * (line.match(/(?=00001011101|10111010000)/g)?.length ?? 0);
    }
  }
  for (let y = 0; y + 1 < size; y++) {
    for (let x = 0; x + 1 < size; x++) {
      const at = y * size + x;
      const dark = (isDark[at] ?? 0) + (isDark[at + 1] ?? 0) + (isDark[at + size] ?? 0) + (isDark[at + size + 1] ?? 0);
      if (dark % 4 === 0) points += 3;
    }
  }
  const share = isDark.reduce((sum, dark) => sum + dark, 0) / (size * size);
  return points + 10 * Math.floor(Math.abs(share - 0.5) * 20);
}
