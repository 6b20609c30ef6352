// Shows files as the page of a plain paste does (PastePage.cshtml). Whatever stands in them becomes text nodes, never markup.
import { copyButton } from './copy.js';
import { countLines, pictureType, shownLength, splitAtMarks, textOf } from './content.js';
import { element } from './element.js';
import { count, fill, sizeText } from './wording.js';
import { words } from './words.js';

/** @typedef {{ name: string, bytes: Uint8Array<ArrayBuffer> }} File */
/**
 * @typedef {object} Look
 * @property {number} maxShown
 * @property {number} maxNumbered
 * @property {boolean} isNumbered
 * @property {(opened: Opened) => Node | undefined} renderingOf what stands instead of a file's text
 * @property {(lines: import('./lines.js').Lines) => string} addressOf
 */
/** @typedef {{ pre: HTMLElement, lines: HTMLElement[] }} Rest  lines that still have to be put into their text */
/** @typedef {{ file: File, number: number, text: string | undefined, isPicture: boolean, summary: string, raw: string, download: string }} Opened */

/**
 * @param {File} file
 * @param {number} number from 1
 * @returns {Opened}
 */
export function prepare(file, number) {
  const text = textOf(file.bytes);
  const picture = text === undefined ? pictureType(file.bytes) : undefined;
  const size = sizeText(file.bytes.length);
  const lines = text === undefined ? 0 : countLines(text);
  const kind = picture ? fill(words['paste.image'], { type: picture.slice('image/'.length).toUpperCase() }) : words['paste.binary'];
  // A blob is on this site's own origin: it is never of a type that a browser runs.
  const binary = 'application/octet-stream';
  const raw = URL.createObjectURL(new Blob([file.bytes], { type: text === undefined ? (picture ?? binary) : 'text/plain;charset=utf-8' }));
  const download = URL.createObjectURL(new Blob([file.bytes], { type: binary }));
  return { file, number, text, isPicture: picture !== undefined, summary: `${text === undefined ? kind : count(words['paste.lines.one'], words['paste.lines'], lines)}, ${size}`, raw, download };
}

/**
 * @param {Opened[]} files
 * @param {Look} look
 * @returns {{ nodes: Node[], rest: Rest[] }}
 */
export function show(files, look) {
  const left = { shown: look.maxShown, numbered: look.maxNumbered };
  /** @type {Rest[]} */
  const rest = [];
  const sections = files.map(opened => {
    const head = files.length > 1 ? [element('div', { className: 'meta' }, element('h2', {}, element('bdi', {}, opened.file.name)),
      element('span', {}, opened.summary), element('span', { className: 'acts' }, ...actions(opened)))] : [];
    return element('section', { className: 'file', id: `F${opened.number}` }, ...head, ...sheet(opened, look, left, rest));
  });
  if (files.length === 1) return { nodes: sections, rest };
  const list = files.map(({ file, number }) => element('li', {}, jump(number, file.name)));
  return { nodes: [element('ul', { className: 'files' }, ...list), ...sections], rest };
}

/**
 * Copy, Raw and Download of one file.
 * @param {Opened} opened
 */
export function actions({ file, text, raw, download }) {
  const copy = element('button', { type: 'button', hidden: true }, words['act.copy']);
  if (text !== undefined) copyButton(copy, () => text);
  const show = element('a', { href: raw, target: '_blank' }, words['act.raw']);
  return [...(text === undefined ? [] : [copy]), show, element('a', { href: download, download: file.name }, words['act.download'])];
}

/**
 * The fragment holds the key, so a link to a file in it would lose that.
 * @param {number} number
 * @param {string} name
 */
function jump(number, name) {
  const link = element('a', { href: location.href }, element('bdi', {}, name));
  link.addEventListener('click', event => {
    event.preventDefault();
    document.getElementById(`F${number}`)?.scrollIntoView();
  });
  return link;
}

/**
 * @param {Opened} opened
 * @param {Look} look
 * @param {{ shown: number, numbered: number }} left how much the page may still show and number
 * @param {Rest[]} rest
 */
function sheet(opened, look, left, rest) {
  const { file, number, text, isPicture, raw, download } = opened;
  if (isPicture) return [element('div', { className: 'sheet' }, element('img', { src: raw, alt: file.name }))];
  if (text === undefined) {
    const link = element('a', { href: download, download: file.name }, `${words['paste.download']} `, element('bdi', {}, file.name));
    return [element('div', { className: 'sheet' }, element('p', {}, `${words['paste.no-text']} `, link, '.'))];
  }
  const rendering = look.renderingOf(opened);
  if (rendering) return [element('div', { className: 'sheet rendered', dir: 'auto', tabIndex: 0, role: 'region', ariaLabel: file.name }, rendering)];
  const length = shownLength(file.bytes, left.shown);
  const shown = length === file.bytes.length ? text : new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.bytes.subarray(0, length));
  const lines = countLines(shown);
  const isNumbered = look.isNumbered && lines > 0 && lines <= left.numbered;
  left.shown -= length;
  left.numbered -= isNumbered ? lines : 0;
  const pre = element('pre', { id: `T${number}` });
  if (isNumbered) {
    pre.className = `numbered digits${String(lines).length}`;
    rest.push({ pre, lines: numbered(shown, number === 1 ? '' : `F${number}`, look.addressOf) });
  } else {
    pre.append(...marked(shown));
  }
  const remarks = [];
  if (length < file.bytes.length) remarks.push(fill(words['paste.cut'], { shown: sizeText(length), size: sizeText(file.bytes.length) }));
  if (look.isNumbered && lines > 0 && !isNumbered) remarks.push(fill(words['paste.unnumbered'], { lines: look.maxNumbered }));
  if (splitAtMarks(shown).length > 1) remarks.push(words['paste.marks']);
  const box = element('div', { className: 'sheet', tabIndex: 0, role: 'region', ariaLabel: file.name }, pre);
  return [...remarks.map(remark => element('p', { className: 'note' }, remark)), box];
}

/**
 * @param {string} text
 * @param {string} file as lines name it
 * @param {Look['addressOf']} addressOf
 */
function numbered(text, file, addressOf) {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.map((line, i) => {
    const link = element('a', { href: addressOf({ file, first: i + 1, last: i + 1 }) }, String(i + 1));
    return element('span', { id: `${file}L${i + 1}` }, link, ...marked(line));
  });
}

/** @param {string} text */
function marked(text) {
  return splitAtMarks(text).map((piece, i) => (i % 2 ? element('bdi', {}, piece) : piece));
}
