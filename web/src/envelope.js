// The envelope of an encrypted paste, version 1 (docs/formats/envelope.md):
//
//   envelope = magic:8 version:1 flags:1 [salt:16 rounds:4] iv:12 sealed        sealed: AES-256-GCM of padded, all before it authenticated
//   padded   = length:4 packed zeros        packed: content, deflated raw       content = length:4 head body
import { fourBytes, join, numberAt, ofBase64, randomBytes, toBase64Url } from './bytes.js';

/** @typedef {{ name: string, bytes: Uint8Array<ArrayBuffer> }} File */
/** @typedef {{ files: File[], language?: string }} Content */
/** @typedef {'none' | 'newer' | 'cut' | 'key' | 'passphrase' | 'sealed' | 'content'} Failure */

const magic = new Uint8Array([0x50, 0x73, 0x74, 0x72, 0x45, 0x6e, 0x76, 0x0a]);
const version = 1;
const withPassphrase = 1;
const flagsAt = 9;
const plainHeader = 10;
const saltBytes = 16;
const keyedHeader = plainHeader + saltBytes + 4;
const ivBytes = 12;
const tagBytes = 16;
const rounds = 600_000;
const mostRounds = 10_000_000;
const smallest = 256;
const mostContentBytes = 64 * 1024 * 1024;
const mostHeadBytes = 1024 * 1024;

/** Why an envelope was not opened. */
export class NotOpened extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure);
    this.failure = failure;
  }
}

/** Whether this browser can seal and open at all. */
export function isAble() {
  try {
    return !!crypto.subtle && !!new CompressionStream('deflate-raw');
  } catch {
    return false;
  }
}

/**
 * @param {Content} content
 * @param {string} [passphrase] '' is none
 * @param {string} [sameKey] of the paste that this is a new revision of: its link stays what it is, and only the initialization vector is new
 * @returns {Promise<{ envelope: Uint8Array<ArrayBuffer>, key: string }>} the key as it stands in the link
 */
export async function seal({ files, language }, passphrase = '', sameKey = '') {
  if (sameKey && !isKey(sameKey)) throw new NotOpened('key');
  const head = JSON.stringify({ files: files.map(({ name, bytes }) => ({ name, size: bytes.length })), language });
  const headBytes = new TextEncoder().encode(head);
  const content = join(fourBytes(headBytes.length), headBytes, ...files.map(file => file.bytes));
  if (content.length > mostContentBytes || headBytes.length > mostHeadBytes) throw new NotOpened('content');
  const packed = await pass(content, new CompressionStream('deflate-raw'), Infinity);
  const padded = new Uint8Array(paddedLength(4 + packed.length));
  padded.set(join(fourBytes(packed.length), packed));

  const secret = sameKey ? ofBase64(sameKey) : randomBytes(32);
  const salt = passphrase ? randomBytes(saltBytes) : undefined;
  const parameters = salt ? join(salt, fourBytes(rounds)) : '';
  const iv = randomBytes(ivBytes);
  const header = join(magic, new Uint8Array([version, salt ? withPassphrase : 0]), parameters, iv);
  const key = await contentKey(secret, salt && { passphrase, salt, rounds });
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: header }, key, padded);
  return { envelope: join(header, new Uint8Array(sealed)), key: toBase64Url(secret) };
}

/**
 * @param {Uint8Array<ArrayBuffer>} envelope
 * @param {string} key as it stands in the link
 * @param {string} [passphrase] '' is none
 * @returns {Promise<Content>}
 * @throws {NotOpened}
 */
export async function open(envelope, key, passphrase = '') {
  const { headerEnd, salt, itsRounds } = readHeader(envelope);
  if (!isKey(key)) throw new NotOpened('key');
  if (salt && !passphrase) throw new NotOpened('passphrase');
  if (itsRounds < rounds || itsRounds > mostRounds) throw new NotOpened('content');
  const stretched = salt && { passphrase, salt, rounds: itsRounds };
  const header = envelope.subarray(0, headerEnd);
  const algorithm = { name: 'AES-GCM', iv: header.subarray(-ivBytes), additionalData: header };
  const aesKey = await contentKey(ofBase64(key), stretched);
  const padded = await crypto.subtle.decrypt(algorithm, aesKey, envelope.subarray(headerEnd)).catch(() => {
    throw new NotOpened('sealed');
  });
  return readContent(await unpack(new Uint8Array(padded)));
}

/** @param {string} text */
export function isKey(text) {
  return /^[\w-]{43}$/.test(text);
}

/**
 * Padmé: the length that one of so many bytes gets, so that it tells no more than its few highest bits.
 * @param {number} length
 */
export function paddedLength(length) {
  const least = Math.max(length, smallest);
  const e = Math.floor(Math.log2(least));
  const step = 2 ** (e - (Math.floor(Math.log2(e)) + 1));
  return Math.ceil(least / step) * step;
}

/** @param {Uint8Array<ArrayBuffer>} envelope */
function readHeader(envelope) {
  if (magic.some((byte, i) => envelope[i] !== byte)) throw new NotOpened('none');
  const [itsVersion = version, flags = 0] = envelope.subarray(flagsAt - 1, plainHeader);
  if (itsVersion !== version || (flags & ~withPassphrase) !== 0) throw new NotOpened('newer');
  const parametersEnd = flags ? keyedHeader : plainHeader;
  const headerEnd = parametersEnd + ivBytes;
  if (envelope.length < headerEnd + tagBytes) throw new NotOpened('cut');
  const salt = flags ? envelope.subarray(plainHeader, plainHeader + saltBytes) : undefined;
  const itsRounds = flags ? numberAt(envelope, parametersEnd - 4) : rounds;
  return { headerEnd, salt, itsRounds };
}

/**
 * @param {Uint8Array<ArrayBuffer>} secret
 * @param {{ passphrase: string, salt: Uint8Array<ArrayBuffer>, rounds: number }} [stretched] RFC 8018
 */
async function contentKey(secret, stretched) {
  const all = stretched ? join(secret, await stretch(stretched)) : secret;
  const material = await crypto.subtle.importKey('raw', all, 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode('pasteur envelope v1 content');
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @param {{ passphrase: string, salt: Uint8Array<ArrayBuffer>, rounds: number }} of */
async function stretch({ passphrase, salt, rounds }) {
  const material = await crypto.subtle.importKey('raw', join(passphrase.normalize('NFC')), 'PBKDF2', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, material, 256));
}

/**
 * What comes out of a stream when the bytes go in; undefined as soon as it is more than allowed.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {GenericTransformStream} through
 * @param {number} most
 */
async function pass(bytes, through, most) {
  const chunks = [];
  let length = 0;
  for (const reader = new Blob([bytes]).stream().pipeThrough(/** @type {ReadableWritablePair<Uint8Array, any>} */ (through)).getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return join(...chunks);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError('more than allowed');
    }
    chunks.push(value);
  }
}

/** @param {Uint8Array<ArrayBuffer>} padded */
async function unpack(padded) {
  const length = padded.length < 4 ? Infinity : numberAt(padded, 0);
  const end = 4 + length;
  if (end > padded.length) throw new NotOpened('content');
  return pass(padded.subarray(4, end), new DecompressionStream('deflate-raw'), mostContentBytes).catch(() => {
    throw new NotOpened('content');
  });
}

/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @returns {Content}
 */
function readContent(content) {
  let at = content.length < 4 ? Infinity : 4 + numberAt(content, 0);
  const head = at > content.length || at - 4 > mostHeadBytes ? undefined : readHead(content.subarray(4, at));
  if (!head) throw new NotOpened('content');
  const files = head.files.map(({ name, size }) => ({ name, bytes: content.subarray(at, (at += size)) }));
  if (at !== content.length) throw new NotOpened('content');
  return { files, ...(head.language && { language: head.language }) };
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {{ files: { name: string, size: number }[], language?: string } | undefined}
 */
function readHead(bytes) {
  try {
    const head = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    const isSound = head.files.length > 0 && head.files.every(isFile) && ['string', 'undefined'].includes(typeof (head.language ?? undefined));
    return isSound ? head : undefined;
  } catch {
    return undefined;
  }
}

/** @param {{ name: unknown, size: unknown }} file */
function isFile({ name, size }) {
  return typeof name === 'string' && Number.isSafeInteger(size) && /** @type {number} */ (size) >= 0;
}
