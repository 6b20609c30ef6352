// The secrets of the pastes that were made in this browser: with them their owner changes and deletes them.
import { trying } from './drafts.js';

/** @param {string} code of a paste */
const keyOf = code => `owner ${code}`;

/**
 * @param {string} code
 * @param {string} token
 */
export function keepToken(code, token) {
  trying(() => localStorage.setItem(keyOf(code), token));
}

/** @param {string} code */
export function tokenOf(code) {
  return trying(() => localStorage.getItem(keyOf(code))) ?? '';
}

/** @param {string} code */
export function forgetToken(code) {
  trying(() => localStorage.removeItem(keyOf(code)));
}

/** Links to pages of an encrypted paste lead on with its key. */
export function keepKey() {
  if (location.hash.length < 2) return;
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a[data-keep-key]'))) link.hash = location.hash;
}
