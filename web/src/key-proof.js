// Shows a site that somebody has the key of an encrypted paste that burns (docs/formats/envelope.md). Of the key itself it tells nothing.
import { ofBase64, toHex } from './bytes.js';

/**
 * @param {string} key as it stands in the link
 * @returns {Promise<string>} 64 hexadecimal digits
 */
export async function proofOf(key) {
  return toHex(await derive(key));
}

/**
 * What the site is given beforehand, and knows the proof by.
 * @param {string} key
 */
export async function proofHashOf(key) {
  return toHex(await crypto.subtle.digest('SHA-256', await derive(key)));
}

/** @param {string} key */
async function derive(key) {
  const material = await crypto.subtle.importKey('raw', ofBase64(key), 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode('pasteur envelope v1 proof');
  return crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, material, 256);
}
