// The form works without this. With it: Ctrl+Enter pastes, files can be dropped anywhere, and what is too large is said at once.

const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem('paste'));
const files = /** @type {HTMLInputElement} */ (form.elements.namedItem('file'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const status = /** @type {HTMLElement} */ (form.querySelector('[role=status]'));
const label = button.textContent;
const maxBytes = Number(form.dataset.maxBytes);

/** @param {string} message */
function alert(message) {
  status.textContent = message;
  status.classList.toggle('alert', message !== '');
}

/** How much would be sent: the server counts bytes, not characters. */
function size() {
  let bytes = new TextEncoder().encode(text.value).length;
  for (const file of files.files ?? []) bytes += file.size;
  return bytes;
}

form.addEventListener('submit', event => {
  const bytes = size();
  if (bytes === 0) alert('There is nothing to paste yet.');
  else if (bytes > maxBytes) alert(`That is ${(bytes / 1048576).toFixed(1)} MiB; at most ${form.dataset.maxSize} are taken.`);
  else {
    alert('');
    button.disabled = true;
    button.textContent = 'Saving…';
    return;
  }
  event.preventDefault();
  text.focus();
});

// Back from the paste: the browser shows this page as it was left.
window.addEventListener('pageshow', () => {
  button.disabled = false;
  button.textContent = label;
});

document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !button.disabled) form.requestSubmit(button);
});

/** @param {DragEvent} event */
const carriesFiles = event => event.dataTransfer?.types.includes('Files') ?? false;

document.addEventListener('dragover', event => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.add('dropping');
});

for (const left of ['dragleave', 'drop']) document.addEventListener(left, () => form.classList.remove('dropping'));

document.addEventListener('drop', event => {
  if (!carriesFiles(event) || !event.dataTransfer) return;
  event.preventDefault();
  const all = new DataTransfer();
  for (const file of [...(files.files ?? []), ...event.dataTransfer.files]) all.items.add(file);
  files.files = all.files;
  alert('');
});
