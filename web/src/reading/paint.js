// Colours the text of a page by what the worker finds. The text itself stays as it is, to the character: only elements come around it.
import { ask } from './ask.js';

/** Of a text longer than this the reader sees no colours: what finds them takes seconds, and the page would grow to a million nodes. */
const longest = 512 * 1024;

/** A text is coloured piece by piece, and the page drawn in between. */
const pieceLength = 16 * 1024;

/** @typedef {import('./runs.js').Painted} Painted */

/**
 * Resolves when the text has its colours, or goes without.
 * @param {HTMLElement} place whose text nodes are the text, except those inside <a>, which are line numbers
 * @param {string} language a language's id
 */
export async function paint(place, language) {
  const nodes = textNodes(place);
  const text = nodes.map(node => node.data).join('');
  if (text.length > longest) return;
  const painted = /** @type {Painted | undefined} */ (await ask('./worker.js', { text, language }));
  if (painted) await colour(nodes, painted);
}

/** @param {HTMLElement} place */
function textNodes(place) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    let node = /** @type {Text} */ (walker.currentNode);
    if (node.parentElement?.closest('a')) continue;
    for (; node.length > pieceLength; node = node.splitText(pieceLength)) nodes.push(node);
    nodes.push(node);
    walker.currentNode = node;
  }
  return nodes;
}

/**
 * @param {Text[]} nodes
 * @param {Painted} painted
 */
async function colour(nodes, { scopes, runs }) {
  let run = 0;
  let left = runs[0] ?? 0;
  let done = 0;
  for (const node of nodes) {
    const parts = document.createDocumentFragment();
    const { data } = node;
    for (let at = 0; at < data.length;) {
      if (left === 0) left = runs[(run += 2)] ?? Infinity;
      const length = Math.min(left, data.length - at);
      const scope = scopes[runs[run + 1] ?? 0];
      const part = data.slice(at, at + length);
      parts.append(scope ? Object.assign(document.createElement('span'), { className: `hljs-${scope}`, textContent: part }) : part);
      at += length;
      left -= length;
    }
    node.replaceWith(parts);
    done += data.length;
    if (done >= pieceLength) {
      done = 0;
      await new Promise(resolve => setTimeout(resolve));
    }
  }
}
