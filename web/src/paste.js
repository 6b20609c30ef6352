// A paste can be read without this. With it: buttons that copy, ranges of lines in the address (#L3-L9), and colours.
import { chooseByClick, mark } from './chosen.js';
import { copyButton } from './copy.js';
import { highlight, languageOf } from './highlight.js';
import { format, parse } from './lines.js';
import { qrButton } from './qr-button.js';
import { fill } from './wording.js';
import { words } from './words.js';

/** @param {HTMLElement} text */
function textOf(text) {
  if (!text.classList.contains('numbered')) return text.textContent ?? '';
  const copy = /** @type {HTMLElement} */ (text.cloneNode(true));
  for (const number of copy.querySelectorAll('a')) number.remove();
  return copy.textContent ?? '';
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy]'))) {
  copyButton(button, () => textOf(/** @type {HTMLElement} */ (document.getElementById(button.dataset.copy ?? ''))));
}
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy-link]'))) copyButton(button, () => location.href);
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-qr]'))) qrButton(button, button.dataset.qr ?? '');

const notation = { parse, format };
// A link to a line leads to the page with line numbers, which only the browser can know: fragments aren't sent.
const lines = parse(location.hash);
const query = new URLSearchParams(location.search);
// What is burnt has no other page.
if (lines && !document.querySelector('.numbered, [data-opened]') && !query.has('ln')) {
  query.delete('rendered');
  query.set('ln', 'true');
  location.replace(`?${query}${location.hash}`);
} else {
  mark(notation);
  // A browser finds one line by itself, but no range.
  if (lines && lines.first !== lines.last) document.getElementById(`${lines.file}L${lines.first}`)?.scrollIntoView();
  colour();
}

window.addEventListener('hashchange', () => mark(notation));
chooseByClick(notation);

async function colour() {
  for (const text of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.sheet > pre, .rendered code[class^=language-]'))) {
    const language = languageOf(text.dataset.language ?? (text.tagName === 'CODE' ? text.className.slice('language-'.length) : undefined), () => textOf(text));
    if (!language || language.id === 'text') continue;
    const shown = document.getElementById('language');
    if (shown && language.label) {
      shown.textContent = fill(words['paste.guessed'], { language: language.label });
      shown.hidden = false;
    }
    await highlight(text, language.id);
  }
}
