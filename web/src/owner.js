// Pages for owners work without this. With it: the token that this browser has is filled in; an encrypted paste is opened here, changed, and
// sealed anew with the same key before it is sent.
import { NotOpened, open } from './envelope.js';
import { cleanName, textOf } from './content.js';
import { element } from './element.js';
import { split } from './link.js';
import { forgetToken, keepKey, tokenOf } from './owning.js';
import { send } from './send.js';
import { words } from './words.js';
import { fill, sizeText } from './wording.js';

keepKey();

const gone = /** @type {HTMLElement | null} */ (document.querySelector('[data-forget]'));
if (gone) forgetToken(gone.dataset.forget ?? '');

const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form.owning'));
const token = /** @type {HTMLInputElement | null} */ (form?.elements.namedItem('token') ?? null);
if (form && token && token.value === '') {
  token.value = tokenOf(form.dataset.code ?? '');
  if (token.value === '') tellMissing(token);
}
if (form?.dataset.sealed) await editSealed(form);

/** @param {HTMLInputElement} field */
function tellMissing(field) {
  field.closest('.row')?.append(element('span', { className: 'why' }, words['owner.none-here']));
}

/** @param {HTMLFormElement} form */
async function editSealed(form) {
  const status = /** @type {HTMLElement} */ (form.querySelector('[role=status]'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('.primary'));
  const { key } = split(location.hash);
  const passphrase = element('input', { autocomplete: 'off', autocapitalize: 'off', spellcheck: false });
  const ends = /** @type {HTMLSelectElement} */ (form.elements.namedItem('expires'));
  /**
   * What is to be sealed; undefined when nothing of it is changed, or it is not open: then only its end may be.
   * @type {() => { files: File[], language: string } | undefined}
   */
  let changed = () => undefined;
  form.onsubmit = async event => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = words['form.saving'];
    const problem = await save(changed()).catch(() => words['form.not-sealed']);
    if (!problem) return;
    button.disabled = false;
    status.textContent = problem;
  };

  /** @type {Uint8Array<ArrayBuffer>} */
  let bytes;
  try {
    const answer = await fetch(form.dataset.sealed ?? '');
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch {
    status.textContent = words['sealed.away.detail'];
    return;
  }
  await attempt();

  async function attempt() {
    try {
      show(await open(bytes, key, passphrase.value));
      status.textContent = '';
    } catch (error) {
      if (!(error instanceof NotOpened)) throw error;
      status.textContent = words['edit.not-opened'];
      const asks = error.failure === 'passphrase' || (error.failure === 'sealed' && passphrase.value !== '');
      if (asks && !passphrase.isConnected) {
        const row = element('div', { className: 'row' }, element('label', { className: 'grow wide' }, `${words['form.passphrase']} `, passphrase));
        form.querySelector('#texts')?.before(row);
        passphrase.addEventListener('change', attempt);
        passphrase.focus();
      }
    }
  }

  /** @param {import('./envelope.js').Content} content */
  function show({ files, language }) {
    const select = /** @type {HTMLSelectElement} */ (form.elements.namedItem('hl'));
    select.value = language ?? '';
    const edited = files.map(file => {
      const text = textOf(file.bytes);
      const name = element('input', { defaultValue: cleanName(file.name), ariaLabel: words['edit.file'] });
      const area = element('textarea', { defaultValue: text ?? '', spellcheck: false, ariaLabel: file.name, hidden: text === undefined });
      return { file, text, name, area };
    });
    form.querySelector('#texts')?.replaceChildren(...edited.flatMap(({ name, area }) => [element('label', {}, `${words['edit.file']} `, name), area]));
    changed = () => {
      // A text area makes every end of line a line feed: a file that nobody touched stays what it was, to the byte.
      const isTouched = (/** @type {typeof edited[0]} */ { text, area }) => text !== undefined && area.value !== area.defaultValue.replace(/\r\n?/g, '\n');
      if (ends.value && select.value === (language ?? '') && !edited.some(one => isTouched(one) || one.name.value !== one.name.defaultValue)) return undefined;
      const kept = edited.filter(one => one.text === undefined || one.area.value !== '').map(one =>
        new File([isTouched(one) ? one.area.value : one.file.bytes], one.name.value || one.file.name));
      return { files: kept, language: select.value };
    };
  }

  /**
   * @param {{ files: File[], language: string } | undefined} content
   * @returns {Promise<string | undefined>} why nothing came of it
   */
  async function save(content) {
    if (!content && !ends.value) return words['edit.not-opened'];
    const body = new FormData();
    for (const name of ['user', 'comment', 'token', 'base', 'expires']) body.set(name, /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value);
    if (content) {
      const { sealClear } = /** @type {typeof import('./seal.js')} */ (await import(form.dataset.seal ?? ''));
      const sealed = await sealClear({ text: '', textName: '', ...content, passphrase: passphrase.value, key }, Number(form.dataset.maxBytes));
      if ('problem' in sealed) return sealed.problem;
      body.set('encrypted', 'v1');
      body.set('file', sealed.envelope, 'paste.pasteur');
    }
    const sent = await send(body, form.action, key);
    if ('problem' in sent) return sent.problem;
    location.assign(new URL(`${form.dataset.paste}#${key}`, location.href));
    return undefined;
  }
}

// The size that the site takes is checked before anything is sent.
if (form && !form.dataset.sealed && form.dataset.maxBytes) {
  form.addEventListener('submit', event => {
    const most = Number(form.dataset.maxBytes);
    let bytes = 0;
    for (const area of form.querySelectorAll('textarea')) bytes += new TextEncoder().encode(area.value).length;
    if (bytes <= most) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (form.querySelector('[role=status]')).textContent = fill(words['form.too-large'], { size: sizeText(bytes), most: sizeText(most) });
  });
}
