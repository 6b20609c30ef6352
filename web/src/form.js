// The form works without this. With it: what is pasted is encrypted here unless the box is off, Ctrl+Enter pastes, files can be dropped
// anywhere, and what is too large is said before it is sent.

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
const encrypt = /** @type {HTMLInputElement} */ (field('encrypted'));
const passphrase = /** @type {HTMLInputElement} */ (field('passphrase'));
const sealing = /** @type {HTMLElement} */ (document.getElementById('sealing'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const status = /** @type {HTMLElement} */ (form.querySelector('[role=status]'));
const label = button.textContent;
const maxBytes = Number(form.dataset.maxBytes);

text.placeholder += ', or drop files…';
form.querySelector('.keys')?.removeAttribute('hidden');

/** @param {string} problem */
function say(problem) {
  status.textContent = problem;
}

/** @param {boolean} isSaving */
function setSaving(isSaving) {
  button.disabled = isSaving;
  button.textContent = isSaving ? 'Saving…' : label;
}

/** Why this browser cannot encrypt here; '' when it can. */
function obstacle() {
  if (!crypto.subtle) return 'Encrypting needs HTTPS: browsers lend cryptography only to secure pages. The owner of this site turns it on with TLS.';
  return 'CompressionStream' in window ? '' : 'This browser is too old to encrypt.';
}

function showSealing() {
  const why = obstacle();
  encrypt.disabled = why !== '';
  raw.disabled = encrypt.checked;
  /** @type {HTMLElement} */ (passphrase.parentElement).hidden = !encrypt.checked;
  /** @type {HTMLElement} */ (sealing.querySelector('.why')).textContent =
    why || (encrypt.checked ? 'Name and comment stay readable.' : 'Whoever may read the repository can read this paste.');
  sealing.hidden = false;
}

// Only what somebody changed is remembered; where nothing may be kept, the box is on again next time.
/** @param {() => unknown} act */
function remembering(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

encrypt.checked = obstacle() === '' && remembering(() => localStorage.getItem('encrypt')) !== 'off';
showSealing();
encrypt.addEventListener('change', () => {
  remembering(() => (encrypt.checked ? localStorage.removeItem('encrypt') : localStorage.setItem('encrypt', 'off')));
  showSealing();
});

/** What would be sent: the server counts bytes, not characters. */
function size() {
  let bytes = new TextEncoder().encode(text.value).length;
  for (const file of files.files ?? []) bytes += file.size;
  return bytes;
}

async function sendSealed() {
  const { sendSealed: send, Refused } = /** @type {typeof import('./seal.js')} */ (await import(form.dataset.seal ?? ''));
  const open = { user: field('user'), comment: field('comment') };
  try {
    const address = await send(
      {
        text: text.value, textName: `paste.${language.selectedOptions[0]?.dataset.extension ?? 'txt'}`, files: files.files ?? [],
        language: language.value, passphrase: passphrase.value,
      },
      {
        to: form.action, maxBytes, maxSize: form.dataset.maxSize ?? '',
        open: Object.fromEntries(Object.entries(open).map(([name, input]) => [name, /** @type {HTMLInputElement} */ (input).value])),
      });
    if (lineNumbers.checked) address.search = 'ln=true';
    location.assign(address);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    setSaving(false);
    say(error.message);
  }
}

form.addEventListener('submit', event => {
  const bytes = size();
  if (bytes > 0 && (encrypt.checked || bytes <= maxBytes)) {
    say('');
    setSaving(true);
    if (!encrypt.checked) return;
    event.preventDefault();
    sendSealed().catch(() => {
      setSaving(false);
      say('It could not be encrypted here. Your text is still here: try again, or load the page anew after copying it.');
    });
    return;
  }
  event.preventDefault();
  say(bytes === 0 ? 'There is nothing to paste yet.' : `That is ${(bytes / 1048576).toFixed(2)} MiB. A paste has at most ${form.dataset.maxSize}.`);
  text.focus();
});

// Back from the paste, a browser may show this page as it was left.
window.addEventListener('pageshow', () => setSaving(false));

for (const changed of [text, files]) changed.addEventListener('input', () => say(''));

// A paste that only its reader's browser can read is handed over by the page that shows it (sealed.js).
if (location.hash === '#from' && window.opener) {
  window.addEventListener('message', ({ origin, source, data }) => {
    if (origin !== location.origin || source !== window.opener || typeof data?.text !== 'string' || text.value !== '') return;
    text.value = data.text;
    language.value = data.language ?? '';
  });
  window.opener.postMessage('from', location.origin);
}

document.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || button.disabled) return;
  event.preventDefault();
  form.requestSubmit(button);
});

/** @param {DragEvent} event */
const carriesFiles = event => event.dataTransfer?.types.includes('Files') ?? false;

document.addEventListener('dragover', event => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.add('dropping');
});

document.addEventListener('dragleave', event => {
  if (!event.relatedTarget) form.classList.remove('dropping');
});

document.addEventListener('drop', event => {
  form.classList.remove('dropping');
  if (!carriesFiles(event) || !event.dataTransfer) return;
  event.preventDefault();
  const all = new DataTransfer();
  for (const file of [...(files.files ?? []), ...event.dataTransfer.files]) all.items.add(file);
  files.files = all.files;
  say('');
});
