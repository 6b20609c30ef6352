// A paste can be read without this. With it: buttons that copy, and ranges of lines in the address (#L3-L9).
import { chooseByClick, mark } from './chosen.js';
import { copyButton } from './copy.js';
import { format, parse } from './lines.js';

/** @param {string} id */
function textOf(id) {
  const text = /** @type {HTMLElement} */ (document.getElementById(id));
  if (!text.classList.contains('numbered')) return text.textContent ?? '';
  const copy = /** @type {HTMLElement} */ (text.cloneNode(true));
  for (const number of copy.querySelectorAll('a')) number.remove();
  return copy.textContent ?? '';
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy]'))) {
  copyButton(button, () => textOf(button.dataset.copy ?? ''));
}
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy-link]'))) copyButton(button, () => location.href);

const notation = { parse, format };
// A link to a line leads to the page with line numbers, which only the browser can know: fragments aren't sent.
const lines = parse(location.hash);
const query = new URLSearchParams(location.search);
if (lines && !document.querySelector('.numbered') && !query.has('ln')) {
  query.set('ln', 'true');
  location.replace(`?${query}${location.hash}`);
} else {
  mark(notation);
  // A browser finds one line by itself, but no range.
  if (lines && lines.first !== lines.last) document.getElementById(`${lines.file}L${lines.first}`)?.scrollIntoView();
}

window.addEventListener('hashchange', () => mark(notation));
chooseByClick(notation);
