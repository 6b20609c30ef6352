// The page of an encrypted paste: fetches the bytes, opens them with the key behind the # of the address, and shows what was inside.
import { chooseByClick, mark } from './chosen.js';
import { copyButton } from './copy.js';
import { isAble, isKey, NotOpened, open } from './envelope.js';
import { element } from './element.js';
import { openLegacy } from './legacy.js';
import { notationBehind, split } from './link.js';
import { keepKey } from './owning.js';
import { OpenedPage } from './opened.js';
import { proofOf } from './key-proof.js';
import { qrButton } from './qr-button.js';
import { count } from './wording.js';
import { words } from './words.js';

/** @param {string} id */
const at = id => /** @type {HTMLElement} */ (document.getElementById(id));

const place = at('sealed');
const status = /** @type {HTMLElement} */ (place.querySelector('[role=status]'));
const ask = /** @type {HTMLFormElement} */ (place.querySelector('form:has(#passphrase)'));
/** Of a paste that burns: opens it, once somebody has said so. */
const wish = /** @type {HTMLFormElement | null} */ (document.getElementById('ask'));
const passphrase = /** @type {HTMLInputElement} */ (at('passphrase'));
const openThis = place.dataset.form === 'legacy' ? openLegacy : open;
const { key } = split(location.hash);
const notation = notationBehind(key);

/** What a person is told of each failure: a heading, and what can be done. */
const failures = {
  none: [words['sealed.none'], words['sealed.none.detail']],
  newer: [words['sealed.newer'], words['sealed.newer.detail']],
  cut: [words['sealed.cut'], words['sealed.cut.detail']],
  key: [words['sealed.key'], words['sealed.key.detail']],
  passphrase: [words['sealed.passphrase'], words['sealed.passphrase.detail']],
  sealed: [words['sealed.wrong'], words['sealed.wrong.key']],
  content: [words['sealed.content'], words['sealed.content.detail']],
};

/** @param {string[]} texts */
function say([heading = '', ...sentences]) {
  place.classList.toggle('opening', place.classList.contains('opening') && sentences.length === 0);
  status.replaceChildren(element('h2', {}, heading), ...sentences.map(sentence => element('p', {}, sentence)));
}

async function fetchBytes() {
  const answer = await fetch(place.dataset.raw ?? '');
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Burns it: from here on the bytes are in this page alone. */
async function openBurning() {
  const body = new URLSearchParams({ proof: await proofOf(key) });
  const answer = await fetch(place.dataset.open ?? '', { method: 'POST', body, headers: { accept: 'application/octet-stream' } }).catch(() => undefined);
  const bytes = answer?.ok && (await answer.arrayBuffer().catch(() => undefined));
  if (answer && bytes) {
    const left = Number(answer.headers.get('x-reads-left'));
    place.dataset.left = String(left);
    at('report').hidden = left === 0;
    const told = left === 0 ? words['opened.left.none'] : count(words['opened.left.one'], words['opened.left'], left);
    place.before(element('p', { className: 'note', role: 'status' }, `${told} ${words['opened.text']}`));
    return new Uint8Array(bytes);
  }
  say(answer?.status === 410 ? [words['error.burnt'], words['error.burnt.detail']]
    : answer?.status === 403 ? [words['error.wrong-proof'], words['error.wrong-proof.detail']]
    : [words['sealed.away'], (answer && (await answer.text().catch(() => ''))) || words['sealed.away.detail']]);
  return undefined;
}

/** Resolves when somebody wants it open. */
function wanted() {
  return new Promise(resolve => {
    if (!wish) return;
    wish.hidden = false;
    wish.addEventListener('submit', event => {
      event.preventDefault();
      wish.hidden = true;
      resolve(undefined);
    });
  });
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} given the passphrase, or ''
 */
async function attempt(bytes, given) {
  try {
    const content = await openThis(bytes, key, given);
    await new OpenedPage(place, content, notation).reveal();
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error;
    const isAsked = error.failure === 'passphrase' || (error.failure === 'sealed' && given !== '');
    say(given !== '' && error.failure === 'sealed' ? [words['sealed.wrong'], words['sealed.wrong.passphrase']] : failures[error.failure]);
    ask.hidden = !isAsked;
    if (isAsked) passphrase.select();
  }
}

async function bytesOfLasting() {
  say([words['sealed.opening']]);
  const bytes = await fetchBytes().catch(() => undefined);
  if (!bytes) say([words['sealed.away'], words['sealed.away.detail']]);
  return bytes;
}

async function bytesOfBurning() {
  if (!isKey(key)) {
    say(failures.key);
    return undefined;
  }
  await wanted();
  say([words['sealed.opening']]);
  return openBurning();
}

async function start() {
  if (!isSecureContext) {
    say([words['sealed.insecure'], words['sealed.insecure.detail']]);
    return;
  }
  if (!isAble()) {
    say([words['sealed.too-old'], words['sealed.too-old.detail']]);
    return;
  }
  const bytes = wish ? await bytesOfBurning() : await bytesOfLasting();
  if (!bytes) return;
  const button = /** @type {HTMLButtonElement} */ (ask.querySelector('button'));
  ask.addEventListener('submit', async event => {
    event.preventDefault();
    button.disabled = true;
    await attempt(bytes, passphrase.value);
    button.disabled = false;
  });
  await attempt(bytes, '');
}

window.addEventListener('hashchange', () => {
  if (split(location.hash).key === key) mark(notation);
  else location.reload();
});
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy-link]'))) copyButton(button, () => location.href);
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-qr]:not(#sealed)'))) qrButton(button, button.dataset.qr ?? '');
chooseByClick(notation);
keepKey();
await start();
