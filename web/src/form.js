// The form works without this. With it: what is pasted is encrypted here unless the box is off; whatever goes wrong, the text stays; what
// is not pasted yet is kept as a draft; Ctrl+Enter pastes; files can be dropped and pasted; what is too large is said before it is
// sent; the work that a site may ask for is done while somebody types.
import { takeFiles } from './adding.js';
import { find, forget, keep, keepNow, trying } from './drafts.js';
import { keepToken } from './owning.js';
import { prover } from './proof.js';
import { send } from './send.js';
import { words } from './words.js';
import { fill, sizeText } from './wording.js';

const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));

/**
 * @template {Element} T
 * @param {string} name
 */
const field = name => /** @type {T} */ (/** @type {unknown} */ (form.elements.namedItem(name)));

const text = /** @type {HTMLTextAreaElement} */ (field('paste'));
const files = /** @type {HTMLInputElement} */ (field('file'));
const language = /** @type {HTMLSelectElement} */ (field('hl'));
const lineNumbers = /** @type {HTMLInputElement} */ (field('ln'));
const raw = /** @type {HTMLInputElement} */ (field('raw'));
const author = /** @type {HTMLInputElement} */ (field('user'));
const comment = /** @type {HTMLInputElement} */ (field('comment'));
const expires = /** @type {HTMLSelectElement} */ (field('expires'));
/** Missing where the site takes none that end. */
const reads = /** @type {HTMLSelectElement | null} */ (field('reads'));
const madeFrom = /** @type {HTMLInputElement} */ (field('origin'));
const encrypt = /** @type {HTMLInputElement} */ (field('encrypted'));
const passphrase = /** @type {HTMLInputElement} */ (field('passphrase'));
const sealing = /** @type {HTMLElement} */ (document.getElementById('sealing'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('.primary'));
const status = /** @type {HTMLElement} */ (form.querySelector('[role=status]'));
const discard = /** @type {HTMLButtonElement} */ (document.getElementById('discard'));
const maxBytes = Number(form.dataset.maxBytes);
const work = prover(form.dataset.challenge ?? '', form.dataset.work ?? '');

text.placeholder = words['form.text-hint-files'];
form.querySelector('.keys')?.removeAttribute('hidden');

/** @param {string} words '' takes back what was said */
function say(words) {
  status.textContent = words;
  discard.hidden = true;
}

/** @param {boolean} isSaving */
function setSaving(isSaving) {
  button.disabled = isSaving || !!form.dataset.readOnly;
  button.textContent = isSaving ? words['form.saving'] : words['form.paste'];
}

/** Why this browser cannot encrypt here; '' when it can. */
function obstacle() {
  if (!crypto.subtle) return words['form.encrypt-needs-tls'];
  return 'CompressionStream' in window ? '' : words['form.encrypt-too-old'];
}

function showSealing() {
  const why = obstacle();
  encrypt.disabled = why !== '';
  raw.disabled = encrypt.checked;
  /** @type {HTMLElement} */ (passphrase.parentElement).hidden = !encrypt.checked;
  /** @type {HTMLElement} */ (sealing.querySelector('.why')).textContent = why || (encrypt.checked ? words['form.encrypt-open'] : words['form.encrypt-off']);
  sealing.hidden = false;
}

// Only what somebody changed is remembered; where nothing may be kept, the box is on again next time.
encrypt.checked = obstacle() === '' && trying(() => localStorage.getItem('encrypt')) !== 'off';
showSealing();
encrypt.addEventListener('change', () => {
  trying(() => (encrypt.checked ? localStorage.removeItem('encrypt') : localStorage.setItem('encrypt', 'off')));
  showSealing();
  keepDraft();
});

/** What would be sent: the server counts bytes, not characters. */
function size() {
  let bytes = new TextEncoder().encode(text.value).length;
  for (const file of files.files ?? []) bytes += file.size;
  return bytes;
}

/** Why there is no use in sending it; '' when there is. */
function fault() {
  const bytes = size();
  if (bytes === 0) return words['form.empty'];
  return encrypt.checked || bytes <= maxBytes ? '' : fill(words['form.too-large'], { size: sizeText(bytes), most: sizeText(maxBytes) });
}

/** @returns {Promise<import('./send.js').Sent>} */
async function paste() {
  const body = new FormData();
  body.set('user', author.value);
  body.set('comment', comment.value);
  body.set('expires', expires.value);
  if (reads) body.set('reads', reads.value);
  body.set('origin', madeFrom.value);
  const textName = `paste.${language.selectedOptions[0]?.dataset.extension ?? 'txt'}`;
  if (encrypt.checked) {
    const { sealClear } = /** @type {typeof import('./seal.js')} */ (await import(form.dataset.seal ?? ''));
    const clear = { text: text.value, textName, files: files.files ?? [], language: language.value, passphrase: passphrase.value };
    const sealed = await sealClear(clear, maxBytes);
    if ('problem' in sealed) return sealed;
    body.set('encrypted', 'v1');
    if (reads?.value) body.set('proof-hash', sealed.proofHash);
    body.set('file', sealed.envelope, 'paste.pasteur');
    return sendWorked(body, sealed.key);
  }
  body.set('hl', language.value);
  // As a file, since browsers end the lines of a form's text with CRLF.
  if (text.value !== '') body.append('file', new Blob([text.value]), textName);
  for (const file of files.files ?? []) body.append('file', file);
  return sendWorked(body);
}

/**
 * @param {FormData} body
 * @param {string} [key]
 * @returns {Promise<import('./send.js').Sent>}
 */
async function sendWorked(body, key) {
  // A site that was started anew knows no work of before: then once more.
  for (let again = 1; ; again--) {
    const proof = await work.begin().catch(() => undefined);
    if (proof === undefined) return { problem: words['form.not-worked'] };
    work.drop();
    const sent = await send(body, form.action, key, proof);
    if (!('problem' in sent && sent.late) || again === 0) return sent;
  }
}

function beginWork() {
  // Whether it can be done shows when it is needed.
  work.begin().catch(() => {});
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  const why = fault();
  say(why);
  if (why) {
    text.focus();
    return;
  }
  setSaving(true);
  if (form.dataset.challenge) say(words['form.working']);
  keepNow();
  const sent = await paste().catch(() => ({ problem: words['form.not-sealed'] }));
  if ('problem' in sent) {
    setSaving(false);
    say(sent.problem);
    beginWork();
    return;
  }
  forget();
  keepToken(sent.code, sent.token);
  if (reads?.value) {
    location.assign(sent.address);
    return;
  }
  if (lineNumbers.checked) sent.address.search = 'ln=true';
  if (raw.checked && !encrypt.checked) sent.address.search = 'raw=true';
  location.assign(sent.address);
});

// Back from the paste, a browser may show this page as it was left.
window.addEventListener('pageshow', () => setSaving(false));

function keepDraft() {
  const read = () => ({ text: text.value, language: language.value, name: author.value, comment: comment.value });
  // What is to be encrypted leaves no trace that lasts longer than the tab.
  keep(read, () => !encrypt.checked);
}

/** @param {import('./drafts.js').Draft} draft */
function show(draft) {
  text.value = draft.text;
  language.value = draft.language ?? '';
  author.value = draft.name ?? '';
  comment.value = draft.comment ?? '';
}

const isHandedOver = location.hash === '#from' && window.opener;
const draft = text.value === '' && !isHandedOver ? find() : undefined;
if (draft) {
  show(draft);
  say(words['form.draft-back']);
  discard.hidden = false;
}
discard.addEventListener('click', () => {
  show({ text: '', language: '', name: '', comment: '' });
  forget();
  say('');
  text.focus();
});
form.addEventListener('input', event => {
  if (event.target === text || event.target === files) say('');
  beginWork();
  keepDraft();
});
window.addEventListener('pagehide', keepNow);
document.addEventListener('visibilitychange', keepNow);

// A paste that only its reader's browser can read is handed over by the page that shows it (sealed.js).
if (isHandedOver) {
  window.addEventListener('message', ({ origin, source, data }) => {
    if (origin !== location.origin || source !== window.opener || typeof data?.text !== 'string' || text.value !== '') return;
    text.value = data.text;
    language.value = data.language ?? '';
    madeFrom.value = data.origin ?? '';
  });
  window.opener.postMessage('from', location.origin);
}

document.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || button.disabled) return;
  event.preventDefault();
  form.requestSubmit(button);
});

takeFiles(files, form, (names, folders) => {
  const of = (/** @type {string} */ text, /** @type {string[]} */ list) => (list.length > 0 ? fill(text, { names: list.join(', ') }) : '');
  say(`${of(words['form.added'], names)} ${of(words['form.folder'], folders)}`.trim());
});
