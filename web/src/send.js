// Sends a form to the site: whatever goes wrong, the page with the text stays.
import { words } from './words.js';
import { fill } from './wording.js';

/**
 * Where the paste is, or why it is not stored; late: the work that came with it was not, or not any more, what the site wants.
 * @typedef {{ address: URL, code: string, token: string } | { problem: string, late?: boolean }} Sent
 */

/**
 * @param {FormData} form
 * @param {string} to
 * @param {string} [key] of what is sealed: stands behind the # of its address, and is not sent
 * @param {string} [proof] of the work that the site asks for
 * @returns {Promise<Sent>}
 */
export async function send(form, to, key, proof) {
  const place = new URL(to);
  place.searchParams.set('lang', document.documentElement.lang);
  const answer = await fetch(place, { method: 'POST', body: form, headers: { accept: 'application/json', ...(proof ? { 'x-challenge': proof } : {}) } }).catch(() => undefined);
  if (!answer) return { problem: words['form.away'] };
  const said = (await answer.json().catch(() => undefined)) ?? {};
  const path = answer.headers.get('location');
  // Whatever else stands between here and the site may answer 200 to everything.
  if (answer.status === 200 && typeof said.url === 'string') return { address: new URL(said.url), code: said.code, token: '' };
  if (answer.status === 201 && path) return { address: new URL(key ? `${path}#${key}` : path, location.href), code: said.code, token: said.token };
  if (!said.detail) return { problem: fill(words['form.status'], { status: answer.status }) };
  // When the remote has not confirmed the paste, the detail ends in its address: without the key that would be of no use.
  const isUndecided = answer.status === 504 && /\/[0-9a-z]+$/.test(said.detail);
  if (isUndecided) return { problem: key ? `${said.detail}#${key}` : said.detail };
  return { problem: `${said.detail} ${words['form.kept']}`, late: answer.status === 428 };
}
