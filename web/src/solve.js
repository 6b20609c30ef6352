// Finds a number such that the SHA-256 (FIPS 180-4) of a text, a dot and that number begins with so many zero bits. The browser's own SHA-256
// answers each time by a promise, which takes longer than the hash itself.

/**
 * The first 32 bits of the fractions of the cube roots of the first 64 primes.
 * @type {any}
 */
const constants = new Uint32Array(64);
/** The same of the square roots of the first 8. */
const start = new Uint32Array(8);
for (let number = 2, at = 0; at < 64; number++) {
  let divisor = 2;
  while (number % divisor !== 0) divisor++;
  if (divisor < number) continue;
  if (at < 8) start[at] = (Math.sqrt(number) % 1) * 2 ** 32;
  constants[at++] = (Math.cbrt(number) % 1) * 2 ** 32;
}

/** Room for a number and the end of the message, in the last block. */
const mostInLastBlock = 64 - 9 - 16;

/**
 * Said to be any: that a word is there need not be asked a hundred times for each hash.
 * @param {any} state becomes the next one
 * @param {any} w 64 words, of which the first 16 are the block
 */
function compress(state, w) {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + constants[i] + w[i] | 0;
    const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g;
    g = f;
    f = e;
    e = d + t | 0;
    d = c;
    c = b;
    b = a;
    a = t + u | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * @param {string} challenge ASCII
 * @param {number} bits at most 32
 * @returns {string} the challenge, a dot and the number
 */
export function solve(challenge, bits) {
  const text = new TextEncoder().encode(`${challenge}.`);
  const whole = text.length - text.length % 64;
  const rest = text.length - whole;
  if (rest > mostInLastBlock) throw new RangeError('no room for a number in the last block');
  const words = new Uint32Array(64);
  const fill = (/** @type {any} */ bytes) => {
    for (let i = 0; i < 16; i++) words[i] = bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
  };
  // What stands before the last block is the same each time.
  const before = start.slice();
  for (let at = 0; at < whole; at += 64) {
    fill(text.subarray(at, at + 64));
    compress(before, words);
  }
  const block = new Uint8Array(64);
  block.set(text.subarray(whole));
  const state = new Uint32Array(8);
  for (let number = 0; ; number++) {
    const digits = String(number);
    for (let i = 0; i < digits.length; i++) block[rest + i] = digits.charCodeAt(i);
    block[rest + digits.length] = 0x80;
    fill(block);
    words[15] = 8 * (text.length + digits.length);
    state.set(before);
    compress(state, words);
    if (Math.clz32(/** @type {number} */ (state[0])) >= bits) return `${challenge}.${number}`;
  }
}
