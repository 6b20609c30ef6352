// The page of an encrypted paste: fetches the bytes, opens them with the key behind the # of the address, and shows what was inside.
import { chooseByClick, mark } from './chosen.js';
import { isAble, NotOpened, open } from './envelope.js';
import { element } from './element.js';
import { openLegacy } from './legacy.js';
import { notationBehind, split } from './link.js';
import { OpenedPage } from './opened.js';

/** @param {string} id */
const at = id => /** @type {HTMLElement} */ (document.getElementById(id));

const place = at('sealed');
const status = /** @type {HTMLElement} */ (place.querySelector('[role=status]'));
const ask = /** @type {HTMLFormElement} */ (place.querySelector('form'));
const passphrase = /** @type {HTMLInputElement} */ (at('passphrase'));
const openThis = place.dataset.form === 'legacy' ? openLegacy : open;
const { key } = split(location.hash);
const notation = notationBehind(key);

/** What a person is told of each failure: a heading, and what can be done. */
const failures = {
  none: ['This is no encrypted paste', 'What is stored under this address does not begin as an encrypted paste does. It was damaged, or replaced in the repository.'],
  newer: ['Made by a newer Pasteur', 'This site is too old to open it. Its owner can update it.'],
  cut: ['Part of the paste is missing', 'What is stored is shorter than an encrypted paste can be.'],
  key: ['The link is not complete', 'The key that stands behind the # is missing or was cut off. Ask whoever sent the link for all of it.'],
  passphrase: ['This paste has a passphrase', 'Beside the link it needs the passphrase that its author chose.'],
  sealed: ['It does not open', 'The key in the link is wrong, or the paste was changed or cut after it was made: these cannot be told apart.'],
  content: ['This paste was made wrongly', 'It opened, but what is inside is not in the form of a paste.'],
};
const wrongPassphrase = ['It does not open', 'The passphrase or the key in the link is wrong, or the paste was changed or cut: these cannot be told apart. Try the passphrase again.'];

/** @param {string[]} words */
function say([heading = '', ...sentences]) {
  status.replaceChildren(element('h2', {}, heading), ...sentences.map(sentence => element('p', {}, sentence)));
}

async function fetchBytes() {
  const answer = await fetch(place.dataset.raw ?? '');
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} words the passphrase, or ''
 */
async function attempt(bytes, words) {
  try {
    const content = await openThis(bytes, key, words);
    await new OpenedPage(place, content, notation).reveal();
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error;
    const isAsked = error.failure === 'passphrase' || (error.failure === 'sealed' && words !== '');
    say(words !== '' && error.failure === 'sealed' ? wrongPassphrase : failures[error.failure]);
    ask.hidden = !isAsked;
    if (isAsked) passphrase.select();
  }
}

async function start() {
  if (!isSecureContext) {
    say(['This page cannot open it', 'Browsers lend cryptography only to pages that came over https://. Open the same link with https:// in front, or ask the site\'s owner for TLS.']);
    return;
  }
  if (!isAble()) {
    say(['This browser cannot open it', 'It is too old: it lacks the cryptography or the compression that this needs.']);
    return;
  }
  say(['Opening…']);
  const bytes = await fetchBytes().catch(() => undefined);
  if (!bytes) {
    say(['The paste did not arrive', 'The site did not answer. Load this page again to try once more.']);
    return;
  }
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
chooseByClick(notation);
await start();
