// What highlight.js finds in a text, as runs: how many characters, and of which scope. No markup is made of it anywhere.

/**
 * Scopes that have a colour (style.css), by the first word of their name; what is in none, or in one of these without a colour of its
 * own, has that of the text around.
 */
const coloured = new Set([
  'addition', 'attr', 'attribute', 'built_in', 'bullet', 'char', 'code', 'comment', 'deletion', 'doctag', 'emphasis', 'keyword', 'link',
  'literal', 'meta', 'name', 'number', 'property', 'quote', 'regexp', 'section', 'selector-attr', 'selector-class', 'selector-id',
  'selector-pseudo', 'selector-tag', 'string', 'strong', 'symbol', 'template-tag', 'template-variable', 'title', 'type', 'variable',
]);

/** @typedef {{ scopes: string[], runs: number[] }} Painted  runs: a length and an index of scopes, a length and an index, …; scopes[0] is '' */

/** Takes what highlight.js emits (its Emitter), and keeps it flat. */
export class Runs {
  constructor() {
    /** @type {Painted} */
    this.painted = { scopes: [''], runs: [] };
    /** @type {string[]} the scopes that are open, '' for those that have no colour */
    this.open = [];
  }

  /** @param {string} text */
  addText(text) {
    this.add(text.length, this.current());
  }

  /** @param {string} scope like "title.function" */
  startScope(scope) {
    const word = scope.split('.', 1)[0] ?? '';
    // What is put into a string is code again.
    this.open.push(word === 'subst' ? '' : coloured.has(word) ? word : this.current());
  }

  endScope() {
    this.open.pop();
  }

  /** @param {string} scope */
  openNode(scope) {
    this.startScope(scope);
  }

  closeNode() {
    this.endScope();
  }

  /** @param {Runs} other what was found in a part that is in another language */
  __addSublanguage(other) {
    const { scopes, runs } = other.painted;
    for (let i = 0; i < runs.length; i += 2) this.add(runs[i] ?? 0, scopes[runs[i + 1] ?? 0] || this.current());
  }

  toHTML() {
    return '';
  }

  finalize() {
    return true;
  }

  current() {
    return this.open.at(-1) ?? '';
  }

  /**
   * @param {number} length
   * @param {string} scope
   */
  add(length, scope) {
    if (length === 0) return;
    const { scopes, runs } = this.painted;
    let index = scopes.indexOf(scope);
    if (index < 0) index = scopes.push(scope) - 1;
    if (runs.at(-1) === index) runs[runs.length - 2] = (runs.at(-2) ?? 0) + length;
    else runs.push(length, index);
  }
}
