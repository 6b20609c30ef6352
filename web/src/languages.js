// The languages that the page of an encrypted paste knows: the options of its datalist.

/** What the program calls a file that has no name: it says nothing of the language. */
const unnamed = 'paste.txt';

const options = () => /** @type {HTMLOptionElement[]} */ ([...document.querySelectorAll('#languages option')]);

/** @typedef {{ id: string, label: string, isPlain: boolean }} Language  isPlain: there are no colours for it */

/**
 * @param {string | undefined} id
 * @returns {Language | undefined}
 */
function byId(id) {
  return described(options().find(option => option.value === id));
}

/**
 * By the ending of a file's name, or by all of it ("Makefile").
 * @param {string} name
 */
function byName(name) {
  if (name === unnamed) return undefined;
  const words = [name.slice(name.lastIndexOf('.') + 1), name].map(word => word.toLowerCase());
  return described(options().find(option => words.some(word => word === option.value || option.dataset.names?.split(' ').includes(word))));
}

/**
 * By an id or another name, if there are colours for it.
 * @param {string} word
 */
export function languageNamed(word) {
  const language = byId(word) ?? byName(word);
  return language?.isPlain ? undefined : language;
}

/** @param {HTMLOptionElement | undefined} option */
function described(option) {
  return option && { id: option.value, label: option.label, isPlain: option.classList.contains('plain') };
}

/**
 * The language of a file, as the server finds it (FileLanguages.cs): of one file what was said decides, among several it is for those
 * whose names say nothing.
 * @param {string} name
 * @param {string | undefined} said a language's id
 * @param {boolean} isAlone
 */
export function languageOfFile(name, said, isAlone) {
  return isAlone ? byId(said) ?? byName(name) : byName(name) ?? byId(said);
}
