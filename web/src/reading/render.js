// Markdown of an encrypted paste, rendered as the server renders that of a plain one (MarkdownHtml.cs). A parser, in a worker, finds what the
// text means; the elements are made here, one by one, and what it says is put into them as text: so nothing in it can become markup.
import { element } from '../element.js';
import { ask } from './ask.js';

/** @typedef {import('marked').Token} Token */
/**
 * @typedef {object} Files what is known around the text
 * @property {(name: string) => string | undefined} link the address of another file of the paste
 * @property {(name: string) => string | undefined} picture the same if it is a picture
 * @property {(isDone: boolean) => string} taskLabel what a screen reader says of the box before a task
 * @property {(name: string) => string} codeClass "language-ID" for a block of code in that language; '' for none that is known
 */

/** Deeper than any reader could mean; the browser's stack is finite. */
const deepest = 100;

class TooDeep extends Error {}

/**
 * @param {string} text
 * @returns {Promise<Token[] | undefined>} undefined when the parser failed or took too long
 */
export function lex(text) {
  return ask('./lex.js', text);
}

/**
 * @param {Token[]} tokens
 * @param {Files} files
 * @returns {DocumentFragment | undefined} undefined when they are nested too deeply
 */
export function render(tokens, files) {
  try {
    const all = document.createDocumentFragment();
    for (const node of new Renderer(files).nodes(tokens, 0)) all.append(node);
    return all;
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

class Renderer {
  /** @param {Files} files */
  constructor(files) {
    this.files = files;
    this.isInLink = false;
  }

  /**
   * @param {Token[] | undefined} tokens
   * @param {number} depth
   * @returns {(Node | string)[]}
   */
  nodes(tokens, depth) {
    if (depth > deepest) throw new TooDeep();
    return (tokens ?? []).flatMap(token => this.node(/** @type {any} */ (token), depth + 1));
  }

  /**
   * @param {any} token of any type: the parser's types tell them apart by this very field
   * @param {number} depth
   * @returns {(Node | string)[]}
   */
  node(token, depth) {
    const inside = () => this.nodes(token.tokens, depth);
    switch (token.type) {
      case 'space': case 'def': return [];
      // The page has a heading already.
      case 'heading': return [element(/** @type {'h2'} */ (`h${Math.min(token.depth + 1, 6)}`), {}, ...inside())];
      case 'paragraph': return [element('p', {}, ...inside())];
      case 'blockquote': return [element('blockquote', {}, ...inside())];
      case 'hr': return [element('hr', {})];
      case 'br': return [element('br', {})];
      case 'strong': return [element('strong', {}, ...inside())];
      case 'em': return [element('em', {}, ...inside())];
      case 'del': return [element('del', {}, ...inside())];
      case 'codespan': return [element('code', {}, token.text)];
      case 'code': return [element('pre', {}, element('code', { className: this.files.codeClass(token.lang ?? '') }, `${token.text}\n`))];
      case 'checkbox': return [element('input', { type: 'checkbox', checked: token.checked, disabled: true, ariaLabel: this.files.taskLabel(token.checked) }), ' '];
      case 'list': return [this.list(token, depth)];
      case 'table': return [this.table(token, depth)];
      case 'link': return this.link(unescaped(token.href), token.title, this.within(inside));
      case 'image': return this.picture(unescaped(token.href), unescaped(token.text));
      case 'text': return token.tokens ? inside() : [unescaped(token.text)];
      case 'escape': return [token.text];
      // HTML, and whatever a later parser may know.
      default: return [token.raw];
    }
  }

  /**
   * @param {any} token
   * @param {number} depth
   */
  list({ ordered, start, items }, depth) {
    const list = ordered ? element('ol', { start: start === '' ? 1 : Number(start) }) : element('ul', {});
    for (const { tokens } of items) list.append(element('li', {}, ...this.nodes(tokens, depth)));
    return list;
  }

  /**
   * @param {any} token
   * @param {number} depth
   */
  table({ header, rows }, depth) {
    const cells = (/** @type {'th' | 'td'} */ tag, /** @type {any[]} */ row) =>
      element('tr', {}, ...row.map(({ tokens, align }) => element(tag, align && align !== 'left' ? { className: align } : {}, ...this.nodes(tokens, depth))));
    return element('table', {}, element('thead', {}, cells('th', header)), element('tbody', {}, ...rows.map((/** @type {any[]} */ row) => cells('td', row))));
  }

  /**
   * No link stands in a link.
   * @param {() => (Node | string)[]} inside
   */
  within(inside) {
    this.isInLink = true;
    const words = inside();
    this.isInLink = false;
    return words;
  }

  /**
   * @param {string} written
   * @param {string | undefined} title
   * @param {(Node | string)[]} words
   */
  link(written, title, words) {
    const href = /^(https?:\/\/|mailto:)/i.test(written) ? written : this.files.link(fileName(written));
    if (!href || this.isInLink) return words;
    return [element('a', { href, rel: 'nofollow noopener noreferrer', ...(title && { title: unescaped(title) }) }, ...words)];
  }

  /**
   * What would be loaded from elsewhere becomes a link, for the reader to follow or not.
   * @param {string} written
   * @param {string} alt
   */
  picture(written, alt) {
    const src = this.files.picture(fileName(written));
    return src ? [element('img', { src, alt })] : this.link(written, undefined, [alt || written]);
  }
}

/** @param {string} written */
function fileName(written) {
  try {
    return decodeURIComponent(written.replace(/^\.\//, ''));
  } catch {
    return written;
  }
}

const characters = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', hellip: '…', mdash: '—', ndash: '–', rarr: '→' }));

/**
 * Character references, which the parser leaves as they are: by number, and the commonest by name.
 * @param {string} text
 */
function unescaped(text) {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return characters.get(name) ?? whole;
    const point = decimal ? Number(decimal) : parseInt(hex, 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
}
