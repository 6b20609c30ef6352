// A paste can be read without this. With it: buttons that copy, and ranges of lines in the address (#L3-L9).
import { extend, format, parse } from './lines.js';

/**
 * @param {string} selector
 * @param {(button: HTMLButtonElement) => string} content
 */
function copyButtons(selector, content) {
  // Browsers lend the clipboard only to pages that came over HTTPS or from this computer.
  if (!navigator.clipboard) return;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(selector))) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const isCopied = await navigator.clipboard.writeText(content(button)).then(() => true, () => false);
      button.textContent = isCopied ? 'Copied' : 'Not allowed';
      setTimeout(() => (button.textContent = label), 1500);
    });
  }
}

/** @param {HTMLButtonElement} button */
function textBeside(button) {
  const text = /** @type {HTMLElement} */ (document.getElementById(button.dataset.copy ?? ''));
  if (!text.classList.contains('numbered')) return text.textContent ?? '';
  const copy = /** @type {HTMLElement} */ (text.cloneNode(true));
  for (const number of copy.querySelectorAll('a')) number.remove();
  return copy.textContent ?? '';
}

copyButtons('[data-copy]', textBeside);
copyButtons('[data-copy-link]', () => location.href);

/** Marks the lines that the address names. */
function mark() {
  for (const line of document.querySelectorAll('.on')) line.classList.remove('on');
  const lines = parse(location.hash);
  if (!lines) return;
  for (let n = lines.first; n <= lines.last; n++) {
    const line = document.getElementById(`${lines.file}L${n}`);
    if (!line) break;
    line.classList.add('on');
  }
}

// A link to a line leads to the page with line numbers, which only the browser can know: fragments aren't sent.
const lines = parse(location.hash);
const query = new URLSearchParams(location.search);
if (lines && !document.querySelector('.numbered') && !query.has('ln')) {
  query.set('ln', 'true');
  location.replace(`?${query}${location.hash}`);
} else {
  mark();
  // A browser finds one line by itself, but no range.
  if (lines && lines.first !== lines.last) document.getElementById(`${lines.file}L${lines.first}`)?.scrollIntoView();
}

window.addEventListener('hashchange', mark);

document.addEventListener('click', event => {
  if (!(event.target instanceof HTMLAnchorElement) || !event.target.closest('.numbered')) return;
  const chosen = parse(event.target.hash);
  if (!chosen || event.ctrlKey || event.metaKey || event.altKey) return;
  // The place in the page stays where it is; and the way back leads to the page before, not through every line clicked.
  event.preventDefault();
  history.replaceState(null, '', format(event.shiftKey ? extend(parse(location.hash), chosen) : chosen));
  mark();
});
