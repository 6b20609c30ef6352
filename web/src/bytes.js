// Bytes put together and taken apart.

/**
 * @param {(Uint8Array | string)[]} parts text counts as UTF-8
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function join(...parts) {
  const pieces = parts.map(part => (typeof part === 'string' ? new TextEncoder().encode(part) : part));
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/**
 * The number as four bytes, big-endian.
 * @param {number} number
 */
export function fourBytes(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export function numberAt(bytes, at) {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/**
 * @param {number} count
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/**
 * base64url without padding (RFC 4648 section 5).
 * @param {Uint8Array} bytes a few: each is an argument
 */
export function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {ArrayBuffer} bytes */
export function toHex(bytes) {
  return [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @param {string} text base64 of either alphabet; whoever calls has seen that it is
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function ofBase64(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
}
