// Lines as an address names them: "#L3", "#L3-L9", and "#F2L3" in the second file of a paste.

/** @typedef {{ file: string, first: number, last: number }} Lines  file: '' for the first, 'F2', 'F3', … */

const pattern = /^#(F[1-9]\d{0,3})?L([1-9]\d{0,8})(?:-L?([1-9]\d{0,8}))?$/;

/**
 * @param {string} fragment with its #
 * @returns {Lines | undefined}
 */
export function parse(fragment) {
  const found = pattern.exec(fragment);
  if (!found) return undefined;
  const [, file = '', from = '', to = from] = found;
  return between(file, Number(from), Number(to));
}

/** @param {Lines} lines */
export function format({ file, first, last }) {
  return first === last ? `#${file}L${first}` : `#${file}L${first}-L${last}`;
}

/**
 * From the line chosen before to the line chosen now; in another file a new choice begins.
 * @param {Lines | undefined} before
 * @param {Lines} now
 */
export function extend(before, now) {
  return before?.file === now.file ? between(now.file, before.first, now.last) : now;
}

/**
 * @param {string} file
 * @param {number} a
 * @param {number} b
 * @returns {Lines}
 */
function between(file, a, b) {
  return { file, first: Math.min(a, b), last: Math.max(a, b) };
}
