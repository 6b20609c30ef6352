// What the form loads when it is to encrypt: seals text and files.
import { NotOpened, seal } from './envelope.js';
import { proofHashOf } from './key-proof.js';
import { words } from './words.js';
import { fill, sizeText } from './wording.js';

/** @typedef {{ text: string, textName: string, files: Iterable<File>, language: string, passphrase: string, key?: string }} Clear what only this browser sees */
/** @typedef {{ envelope: Blob, key: string, proofHash: string } | { problem: string }} Sealed */

const mostBytes = 64 * 1024 * 1024;

/**
 * @param {Clear} clear
 * @param {number} maxBytes what the site takes
 * @returns {Promise<Sealed>} the problem in words for people
 */
export async function sealClear({ text, textName, files, language, passphrase, key: sameKey }, maxBytes) {
  const tooMuch = { problem: fill(words['form.sealed-most'], { most: sizeText(mostBytes) }) };
  // Before any of it is read: what is larger may not even fit into memory.
  if ([...files].reduce((sum, file) => sum + file.size, 0) > mostBytes) return tooMuch;
  const all = text === '' ? [] : [{ name: textName, bytes: new TextEncoder().encode(text) }];
  for (const file of files) {
    const bytes = await file.arrayBuffer().catch(() => undefined);
    if (!bytes) return { problem: fill(words['form.gone-file'], { name: file.name }) };
    all.push({ name: file.name, bytes: new Uint8Array(bytes) });
  }
  try {
    const { envelope, key } = await seal({ files: all, ...(language && { language }) }, passphrase, sameKey);
    if (envelope.length <= maxBytes) return { envelope: new Blob([envelope]), key, proofHash: await proofHashOf(key) };
    return { problem: fill(words['form.sealed-too-large'], { size: sizeText(envelope.length), most: sizeText(maxBytes) }) };
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error;
    return tooMuch;
  }
}
