// The page of an encrypted paste: fetches the bytes, opens them with the key behind the # of the address, and shows what was inside.
import { chooseByClick, mark } from './chosen.js';
import { cleanName } from './content.js';
import { copyButton } from './copy.js';
import { isAble, NotOpened, open } from './envelope.js';
import { actions, element, prepare, show } from './files.js';
import { openLegacy } from './legacy.js';
import { notationBehind, split } from './link.js';
import { sizeText } from './wording.js';

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
    reveal(await openThis(bytes, key, words));
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error;
    const isAsked = error.failure === 'passphrase' || (error.failure === 'sealed' && words !== '');
    say(words !== '' && error.failure === 'sealed' ? wrongPassphrase : failures[error.failure]);
    ask.hidden = !isAsked;
    if (isAsked) passphrase.select();
  }
}

/** @param {import('./envelope.js').Content} content */
function reveal({ files, language }) {
  const opened = files.map(({ name, bytes }, i) => prepare({ name: cleanName(name), bytes }, i + 1));
  const single = opened.length === 1 ? opened[0] : undefined;
  const label = document.querySelector(`#languages [value="${CSS.escape(place.dataset.language || language || '-')}"]`)?.textContent;
  at('heading').textContent = single ? single.file.name : `${opened.length} files`;
  at('language').textContent = label ?? '';
  at('language').hidden = !label;
  at('summary').textContent = `${single ? single.summary : sizeText(files.reduce((sum, file) => sum + file.bytes.length, 0))}, encrypted`;
  const query = new URLSearchParams(location.search);
  let isNumbered = (query.has('ln') && query.get('ln') !== 'false') || !!split(location.hash).lines;
  const sheets = element('div', { className: 'opened' });
  const draw = () => {
    const look = { maxShown: Number(place.dataset.maxShown), maxNumbered: Number(place.dataset.maxNumbered), isNumbered, addressOf: notation.format };
    sheets.replaceChildren(...show(opened, look));
    mark(notation);
  };
  const numbers = element('button', { type: 'button' }, isNumbered ? 'Plain' : 'Numbers');
  numbers.addEventListener('click', () => {
    isNumbered = !isNumbered;
    numbers.textContent = isNumbered ? 'Plain' : 'Numbers';
    draw();
  });
  const link = element('button', { type: 'button', hidden: true }, 'Copy link');
  copyButton(link, () => location.href);
  const wrap = element('label', {}, element('input', { type: 'checkbox', id: 'wrap' }), ' Wrap');
  const [first, ...rest] = single ? actions(single) : [];
  at('acts').replaceChildren(...(first ? [first] : []), link, ...(opened.some(file => file.text !== undefined) ? [wrap, numbers] : []), ...rest);
  if (single?.text !== undefined) at('acts').append(useAsNew(single.text, language));
  at('acts').hidden = false;
  place.replaceWith(sheets);
  draw();
  const lines = split(location.hash).lines;
  if (lines) document.getElementById(`${lines.file}L${lines.first}`)?.scrollIntoView();
}

/**
 * The text goes from this page to the form in a new window, from memory to memory.
 * @param {string} text
 * @param {string | undefined} language
 */
function useAsNew(text, language) {
  const link = element('a', { href: place.dataset.new ?? '', target: '_blank', rel: 'opener' }, 'Use as new');
  window.addEventListener('message', ({ origin, source, data }) => {
    if (origin === location.origin && data === 'from') /** @type {Window} */ (source).postMessage({ text, language }, origin);
  });
  return link;
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
