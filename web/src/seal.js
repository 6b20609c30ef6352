// What the form does when it is to encrypt: seals text and files, sends the envelope, and answers the link with the key behind the #.
import { NotOpened, seal } from './envelope.js';

/** @typedef {{ text: string, textName: string, files: Iterable<File>, language: string, passphrase: string }} Clear what only this browser sees */
/** @typedef {{ to: string, maxBytes: number, maxSize: string, open: Record<string, string> }} Sending where, how much, and the fields in clear */

/** Why it was not stored, for people. */
export class Refused extends Error {}

/**
 * @param {Clear} clear
 * @param {Sending} sending
 * @returns {Promise<URL>} the paste's address, with its key
 * @throws {Refused}
 */
export async function sendSealed(clear, { to, maxBytes, maxSize, open }) {
  const { envelope, key } = await seal({ files: await read(clear), ...(clear.language && { language: clear.language }) }, clear.passphrase).catch(error => {
    throw error instanceof NotOpened ? new Refused('That is more than 64 MiB, the most that can be encrypted.') : error;
  });
  if (envelope.length > maxBytes) throw new Refused(`Encrypted, that is ${(envelope.length / 1048576).toFixed(2)} MiB. A paste has at most ${maxSize}.`);
  const form = new FormData();
  form.set('encrypted', 'v1');
  for (const [name, value] of Object.entries(open)) form.set(name, value);
  form.set('file', new Blob([envelope]), 'paste.pasteur');
  const answer = await fetch(to, { method: 'POST', body: form, headers: { accept: 'application/json' } }).catch(() => {
    throw new Refused('The site cannot be reached. Your text is still here: try again in a moment.');
  });
  const said = await answer.json().catch(() => ({}));
  const path = answer.headers.get('location');
  if (answer.status === 201 && path) return new URL(`${path}#${key}`, location.href);
  if (!said.detail) throw new Refused(`The site answered with status ${answer.status}. Your text is still here.`);
  // When the remote has not confirmed the paste, the detail ends in its address: without the key that would be of no use.
  throw new Refused(answer.status === 504 && /\/[0-9a-z]+$/.test(said.detail) ? `${said.detail}#${key}` : `${said.detail} Your text is still here.`);
}

/** @param {Clear} clear */
async function read({ text, textName, files }) {
  const all = text === '' ? [] : [{ name: textName, bytes: new TextEncoder().encode(text) }];
  for (const file of files) {
    const bytes = await file.arrayBuffer().catch(() => {
      throw new Refused(`"${file.name}" cannot be read any more. Choose it again.`);
    });
    all.push({ name: file.name, bytes: new Uint8Array(bytes) });
  }
  return all;
}
