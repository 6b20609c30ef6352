// What stands behind the # of an encrypted paste: its key, and lines to show. "#KEY", "#KEY.L3-L9", "#KEY.f2L3".
import { format, parse } from './lines.js';

/** @typedef {import('./lines.js').Lines} Lines */

/**
 * @param {string} fragment with its #
 * @returns {{ key: string, lines: Lines | undefined }}
 */
export function split(fragment) {
  const [key = '', lines = ''] = fragment.slice(1).split('.', 2);
  return { key: decoded(key), lines: parse(`#${lines.replace(/^f1L/i, 'L').replace(/^f/, 'F')}`) };
}

/**
 * Lines as they are written behind this key, and read behind any.
 * @param {string} key
 * @returns {import('./chosen.js').Notation}
 */
export function notationBehind(key) {
  return {
    parse: fragment => split(fragment).lines,
    format: lines => `#${key}.${format(lines).slice(1).replace('F', 'f')}`,
  };
}

/**
 * Some mailers and chats write = and / as %3D and %2F.
 * @param {string} text
 */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
