// The form works without this. With it: Ctrl+Enter pastes, files can be dropped anywhere, and what is too large is said before it is sent.

const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('paste'));
const files = /** @type {HTMLInputElement} */ (form.elements.namedItem('file'));
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

/** What would be sent: the server counts bytes, not characters. */
function size() {
  let bytes = new TextEncoder().encode(text.value).length;
  for (const file of files.files ?? []) bytes += file.size;
  return bytes;
}

form.addEventListener('submit', event => {
  const bytes = size();
  if (bytes > 0 && bytes <= maxBytes) {
    say('');
    button.disabled = true;
    button.textContent = 'Saving…';
    return;
  }
  event.preventDefault();
  say(bytes === 0 ? 'There is nothing to paste yet.' : `That is ${(bytes / 1048576).toFixed(2)} MiB. A paste has at most ${form.dataset.maxSize}.`);
  text.focus();
});

// Back from the paste, a browser may show this page as it was left.
window.addEventListener('pageshow', () => {
  button.disabled = false;
  button.textContent = label;
});

for (const changed of [text, files]) changed.addEventListener('input', () => say(''));

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
