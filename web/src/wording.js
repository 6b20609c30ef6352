// Sentences and numbers in the reader's language, as the server makes them (Words.cs).
import { words } from './words.js';

/**
 * A text with its {placeholders} replaced; what a value holds is not looked into.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * @param {string} one the text for one of them
 * @param {string} more and for another number
 * @param {number} n
 */
export function count(one, more, n) {
  return fill(words['numbers.one'].split(' ').includes(String(n)) ? one : more, { n });
}

/** @param {number} bytes */
export function sizeText(bytes) {
  const of = (/** @type {number} */ unit) => String(Math.round((bytes / unit) * 10) / 10).replace('.', words['numbers.point']);
  if (bytes < 1024) return fill(words['size.b'], { n: bytes });
  return bytes < 1024 * 1024 ? fill(words['size.kib'], { n: of(1024) }) : fill(words['size.mib'], { n: of(1024 * 1024) });
}
