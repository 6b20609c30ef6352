// What bytes and names are, judged as the server judges them (MediaTypes.cs, ShownNames.cs).

const longestName = 128;

/** Characters that steer a terminal, end a line, turn the direction of text or cannot be seen. */
const steering = /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * The text that bytes are; undefined when they are none.
 * @param {Uint8Array} bytes
 */
export function textOf(bytes) {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The picture that bytes are, by how they begin: never SVG, which can hold scripts.
 * @param {Uint8Array} bytes
 * @returns {string | undefined}
 */
export function pictureType(bytes) {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(start)) return 'image/gif';
  if (/^RIFF.{4}WEBP/s.test(start)) return 'image/webp';
  return undefined;
}

/**
 * The last segment of a path, without what steers.
 * @param {string} given
 */
export function cleanName(given) {
  const segment = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  const name = segment.replace(steering, '').slice(0, longestName).replace(/[\ud800-\udbff]$/, '').trim();
  return ['', '.', '..', '-'].includes(name) ? 'paste.txt' : name;
}

/** @param {string} text */
export function countLines(text) {
  const ends = text.split('\n').length - 1;
  return text === '' || text.endsWith('\n') ? ends : ends + 1;
}

/**
 * Whole lines of a text, as many as there is room for; of a line that is longer than that, whole characters.
 * @param {Uint8Array} bytes UTF-8
 * @param {number} room
 */
export function shownLength(bytes, room) {
  if (bytes.length <= room) return bytes.length;
  const end = bytes.subarray(0, room).lastIndexOf(0x0a);
  if (end >= 0) return end + 1;
  while (room > 0 && (/** @type {number} */ (bytes[room]) & 0xc0) === 0x80) room--;
  return room;
}

/**
 * The text in pieces: at odd places characters that turn the direction of text, each alone.
 * @param {string} text
 */
export function splitAtMarks(text) {
  return text.split(/([\u202a-\u202e\u2066-\u2069])/);
}
