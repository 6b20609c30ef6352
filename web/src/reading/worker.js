// Finds what is to be coloured in a text, beside the page's own thread: a message { text, language } is answered { scopes, runs }.
// The grammars are modules beside this one; the page asks for the language by its id.
import hljs from 'highlight.js/lib/core';
import { answer } from './ask.js';
import { Runs } from './runs.js';

hljs.configure({ __emitter: /** @type {any} */ (Runs) });

answer(async ({ text, language }) => {
  const { default: grammars } = await import(new URL(`./${language}.js`, import.meta.url).href);
  for (const [name, grammar] of grammars) hljs.registerLanguage(name, grammar);
  const found = hljs.highlight(text, { language: grammars[0][0], ignoreIllegals: true });
  return /** @type {Runs} */ (/** @type {unknown} */ (found._emitter)).painted;
});
