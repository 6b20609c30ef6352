// A paste can be read without this. With it: buttons that copy, and ranges of lines in the address (#L3-L9).

for (const button of document.querySelectorAll('button[data-copy]')) {
  const source = document.getElementById(/** @type {HTMLButtonElement} */ (button).dataset.copy ?? '');
  if (!source || !navigator.clipboard) continue;
  const label = button.textContent;
  button.removeAttribute('hidden');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(textOf(source));
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = label), 1500);
  });
}

/**
 * The text without its line numbers.
 * @param {HTMLElement} source
 */
function textOf(source) {
  const copy = /** @type {HTMLElement} */ (source.cloneNode(true));
  for (const number of copy.querySelectorAll('a')) number.remove();
  return copy.textContent ?? '';
}

const range = /^#((?:F\d+)?L)(\d+)(?:-L(\d+))?$/;

/** Marks the lines that the address names. @returns {boolean} whether it names any */
function mark() {
  for (const line of document.querySelectorAll('.on')) line.classList.remove('on');
  const found = range.exec(location.hash);
  if (!found) return false;
  const [, prefix = '', from = '1', to = from] = found;
  const [first, last] = [Number(from), Number(to)].sort((a, b) => a - b);
  for (let n = Number(first); n <= Number(last); n++) {
    const line = document.getElementById(prefix + n);
    if (!line) break;
    line.classList.add('on');
  }
  document.getElementById(prefix + first)?.scrollIntoView({ block: 'center' });
  return true;
}

// A link to a line leads to the page with line numbers, which only the browser can know: fragments aren't sent.
const query = new URLSearchParams(location.search);
if (mark() && !document.querySelector('.numbered') && !query.has('ln')) {
  query.set('ln', 'true');
  location.replace(`?${query}${location.hash}`);
}
window.addEventListener('hashchange', mark);

document.addEventListener('click', event => {
  if (!event.shiftKey || !(event.target instanceof HTMLAnchorElement) || !event.target.closest('.numbered')) return;
  const start = range.exec(location.hash);
  const end = range.exec(event.target.hash);
  if (!start || !end || start[1] !== end[1]) return;
  event.preventDefault();
  const [first, last] = [Number(start[2]), Number(end[2])].sort((a, b) => a - b);
  history.replaceState(null, '', `#${start[1]}${first}-L${last}`);
  mark();
});
