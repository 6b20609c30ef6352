// Colours for the texts of a page. All that it takes is loaded when the first text wants it, and only then.
import { guess } from './guess.js';

/**
 * The language to colour a text in, and how it is called.
 * @param {string | undefined} known a language's id: what was chosen, or what the file's name says
 * @param {() => string} text
 * @returns {{ id: string, label?: string } | undefined}
 */
export function languageOf(known, text) {
  return known ? { id: known } : guess(text());
}

/**
 * @param {HTMLElement} place
 * @param {string} language a language's id
 */
export async function highlight(place, language) {
  const { paint } = /** @type {typeof import('./reading/paint.js')} */ (await import(new URL(`${READING}paint.js`, import.meta.url).href));
  await paint(place, language);
}
