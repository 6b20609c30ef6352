// The page of an encrypted paste once it is open: what PastePage.cshtml and paste.js make of a plain one.
import { mark } from './chosen.js';
import { cleanName } from './content.js';
import { copyButton } from './copy.js';
import { element } from './element.js';
import { actions, prepare, show } from './files.js';
import { highlight, languageOf } from './highlight.js';
import { languageNamed, languageOfFile } from './languages.js';
import { split } from './link.js';
import { qrButton } from './qr-button.js';
import { count, fill, sizeText } from './wording.js';
import { words } from './words.js';

/** @typedef {import('./files.js').Opened} Opened */

/** @param {string} id */
const at = id => /** @type {HTMLElement} */ (document.getElementById(id));

/** So many lines with numbers are put into the page at a time: to lay out all of a long text would hold it up. */
const linesAtATime = 1000;

/** Of Markdown more than this is shown as it was written; the server, which has no worker to give up, renders less (Limits.MaxRenderedBytes). */
const longestRendered = 256 * 1024;

export class OpenedPage {
  /**
   * @param {HTMLElement} place what the files replace; its data says what the page may show
   * @param {import('./envelope.js').Content} content
   * @param {import('./chosen.js').Notation} notation
   */
  constructor(place, { files, language }, notation) {
    this.place = place;
    this.notation = notation;
    this.bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    this.files = files.map(({ name, bytes }, i) => prepare({ name: cleanName(name), bytes }, i + 1));
    this.single = this.files.length === 1 ? this.files[0] : undefined;
    this.said = place.dataset.language || language;
    this.code = place.dataset.code ?? (place.dataset.raw ?? '').split('/').at(-1)?.split('@')[0] ?? '';
    /** No address leads here again. */
    this.isBurnt = place.dataset.left === '0';
    this.sheets = element('div', { className: 'opened' });
    const query = new URLSearchParams(location.search);
    this.isNumbered = (query.has('ln') && query.get('ln') !== 'false') || !!split(location.hash).lines;
    /** @type {typeof import('./reading/render.js') | undefined} */
    this.renderer = undefined;
    /** @type {Map<Opened, import('marked').Token[] | undefined>} */
    this.tokens = new Map();
    this.isRendered = false;
    this.drawings = 0;
  }

  async reveal() {
    const { single } = this;
    at('heading').textContent = single ? single.file.name : count(words['paste.files.one'], words['paste.files'], this.files.length);
    at('summary').textContent = fill(words['paste.encrypted'], { summary: single ? single.summary : sizeText(this.bytes) });
    this.showActions();
    this.place.replaceWith(this.sheets);
    if (!(await this.draw())) return;
    const { lines } = split(location.hash);
    if (lines) document.getElementById(`${lines.file}L${lines.first}`)?.scrollIntoView();
    await this.colour();
  }

  /** @param {Opened} opened */
  languageOf({ file, text }) {
    return text === undefined ? undefined : languageOfFile(file.name, this.said, !!this.single);
  }

  showActions() {
    const { single } = this;
    const link = element('button', { type: 'button', hidden: true }, words['act.copy-link']);
    copyButton(link, () => location.href);
    const qr = element('button', { type: 'button' }, words['act.qr']);
    qrButton(qr, this.place.dataset.qr ?? '');
    const [first, ...rest] = single ? actions(single) : [];
    /** @type {Node[]} */
    const acts = [...(first ? [first] : []), ...(this.isBurnt ? [] : [link, qr])];
    if (this.files.some(file => file.text !== undefined)) {
      acts.push(element('label', {}, element('input', { type: 'checkbox', id: 'wrap' }), ` ${words['act.wrap']}`));
      acts.push(this.toggle(words['act.numbers'], words['act.plain'], this.isNumbered, async isOn => (this.isNumbered = isOn)));
    }
    if (this.files.some(file => this.languageOf(file)?.id === 'markdown')) {
      acts.push(this.toggle(words['act.rendered'], words['act.source'], this.isRendered, async isOn => {
        if (isOn) await this.lex();
        this.isRendered = isOn;
      }));
    }
    acts.push(...rest);
    if (single?.text !== undefined && this.place.dataset.new) acts.push(useAsNew(this.place.dataset.new, { text: single.text, language: this.said, origin: this.code }));
    if (this.place.dataset.edit) acts.push(element('a', { href: `${this.place.dataset.edit}${location.hash}` }, words['act.edit']));
    at('acts').replaceChildren(...acts);
    at('acts').hidden = false;
  }

  /**
   * A button between two ways to show the files, which bears the name of the other one.
   * @param {string} off
   * @param {string} on
   * @param {boolean} isOn
   * @param {(isOn: boolean) => Promise<unknown>} set
   */
  toggle(off, on, isOn, set) {
    const button = element('button', { type: 'button' }, isOn ? on : off);
    let isTurning = false;
    button.addEventListener('click', async () => {
      // The parser may take its time: a second click is no second wish.
      if (isTurning) return;
      isTurning = true;
      try {
        await set(!isOn);
      } finally {
        isTurning = false;
      }
      isOn = !isOn;
      button.textContent = isOn ? on : off;
      if (await this.draw()) await this.colour();
    });
    return button;
  }

  /** @returns {Promise<boolean>} whether all is there; else it was drawn anew meanwhile */
  async draw() {
    const drawing = ++this.drawings;
    const { nodes, rest } = show(this.files, {
      maxShown: Number(this.place.dataset.maxShown), maxNumbered: Number(this.place.dataset.maxNumbered), isNumbered: this.isNumbered,
      addressOf: this.notation.format, renderingOf: opened => this.renderingOf(opened),
    });
    this.sheets.replaceChildren(...nodes);
    for (const { pre, lines } of rest) {
      for (let at = 0; at < lines.length; at += linesAtATime) {
        pre.append(...lines.slice(at, at + linesAtATime));
        if (at + linesAtATime < lines.length) await new Promise(resolve => setTimeout(resolve));
        if (drawing !== this.drawings) return false;
      }
    }
    mark(this.notation);
    return true;
  }

  /** Finds what the Markdown means, once. */
  async lex() {
    if (this.renderer) return;
    this.renderer = /** @type {typeof import('./reading/render.js')} */ (await import(new URL(`${READING}render.js`, import.meta.url).href));
    for (const opened of this.files) {
      if (this.languageOf(opened)?.id !== 'markdown' || opened.text === undefined || opened.file.bytes.length > longestRendered) continue;
      this.tokens.set(opened, await this.renderer.lex(opened.text));
    }
  }

  /** @param {Opened} opened */
  renderingOf(opened) {
    const tokens = this.tokens.get(opened);
    if (!this.isRendered || !this.renderer || !tokens) return undefined;
    const named = (/** @type {string} */ name) => this.files.find(other => other.file.name === name);
    return this.renderer.render(tokens, {
      link: name => named(name)?.raw,
      picture: name => (named(name)?.isPicture ? named(name)?.raw : undefined),
      taskLabel: isDone => (isDone ? words['paste.done'] : words['paste.to-do']),
      codeClass: name => (languageNamed(name) ? `language-${languageNamed(name)?.id}` : ''),
    });
  }

  async colour() {
    for (const opened of this.files) {
      const place = document.getElementById(`T${opened.number}`);
      const known = this.languageOf(opened);
      const language = place && languageOf(known?.id, () => opened.text ?? '');
      if (opened === this.single && language) {
        at('language').textContent = known?.label ?? fill(words['paste.guessed'], { language: language.label ?? '' });
        at('language').hidden = false;
      }
      if (place && language && !known?.isPlain) await highlight(place, language.id);
    }
    for (const code of /** @type {NodeListOf<HTMLElement>} */ (this.sheets.querySelectorAll('.rendered code[class^=language-]'))) {
      await highlight(code, code.className.slice('language-'.length));
    }
  }
}

/**
 * The text goes from this page to the form in a new window, from memory to memory.
 * @param {string} form
 * @param {{ text: string, language: string | undefined, origin: string }} start
 */
function useAsNew(form, start) {
  const link = element('a', { href: form, target: '_blank', rel: 'opener' }, words['act.use-as-new']);
  window.addEventListener('message', ({ origin, source, data }) => {
    if (origin === location.origin && data === 'from') /** @type {Window} */ (source).postMessage(start, origin);
  });
  return link;
}
