// The lines that the address names: marked, scrolled to, and chosen by clicks on their numbers.
import { element } from './element.js';
import { extend } from './lines.js';
import { fill } from './wording.js';
import { words } from './words.js';

/** @typedef {import('./lines.js').Lines} Lines */
/** @typedef {{ parse: (fragment: string) => Lines | undefined, format: (lines: Lines) => string }} Notation of lines in a fragment */

/** @param {Notation} notation */
export function mark({ parse }) {
  for (const line of document.querySelectorAll('.on')) line.classList.remove('on');
  const lines = parse(location.hash);
  if (!lines) return;
  for (let n = lines.first; n <= lines.last; n++) {
    const line = document.getElementById(`${lines.file}L${n}`);
    if (!line) break;
    line.classList.add('on');
  }
}

/**
 * A click chooses a line, with Shift a range.
 * @param {Notation} notation
 */
export function chooseByClick(notation) {
  const { parse, format } = notation;
  // For those who don't see the mark.
  const said = element('p', { className: 'unseen', role: 'status' });
  document.body.append(said);
  document.addEventListener('click', event => {
    if (!(event.target instanceof HTMLAnchorElement) || !event.target.closest('.numbered')) return;
    const chosen = parse(event.target.hash);
    if (!chosen || event.ctrlKey || event.metaKey || event.altKey) return;
    // The place in the page stays where it is; and the way back leads to the page before, not through every line clicked.
    event.preventDefault();
    const lines = event.shiftKey ? extend(parse(location.hash), chosen) : chosen;
    history.replaceState(null, '', format(lines));
    mark(notation);
    said.textContent = fill(lines.first === lines.last ? words['paste.chosen'] : words['paste.chosen-range'], { first: lines.first, last: lines.last });
  });
}
