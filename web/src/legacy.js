// What the OCaml Pasteur's browser encrypted: hexadecimal digits of AES-128-CBC with PKCS #7 padding (RFC 5652 section 6.3) and an
// initialization vector that never changed. The key is a JSON Web Key (RFC 7517), its JSON in base64 behind the # of the link.
// Nothing authenticates it: what opens with the wrong key is told from text only by not being UTF-8.
import { ofBase64 } from './bytes.js';
import { NotOpened } from './envelope.js';

const iv = new Uint8Array([0x48, 0x3b, 0x2e, 0xc4, 0x44, 0x0d, 0x2c, 0xb0, 0x46, 0xf4, 0xd5, 0x76, 0xa1, 0x94, 0x26, 0x0d]);

/**
 * @param {Uint8Array<ArrayBuffer>} digits
 * @param {string} key as it stands in the link
 * @returns {Promise<import('./envelope.js').Content>}
 * @throws {NotOpened}
 */
export async function openLegacy(digits, key) {
  const hex = new TextDecoder().decode(digits).trim();
  if (!/^[0-9a-f]+$/i.test(hex)) throw new NotOpened('none');
  if (hex.length % 32 !== 0) throw new NotOpened('cut');
  const aesKey = await readKey(key);
  const sealed = new Uint8Array(hex.length / 2);
  for (let i = 0; i < sealed.length; i++) sealed[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  try {
    const bytes = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, aesKey, sealed));
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { files: [{ name: 'paste.txt', bytes }] };
  } catch {
    throw new NotOpened('sealed');
  }
}

/** @param {string} key */
async function readKey(key) {
  try {
    const { k } = JSON.parse(new TextDecoder().decode(ofBase64(key)));
    const raw = ofBase64(k);
    if (raw.length === 16) return await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['decrypt']);
  } catch {
    // No base64, no JSON or no key in it.
  }
  throw new NotOpened('key');
}
