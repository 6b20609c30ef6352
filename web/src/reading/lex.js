// Finds what a Markdown text means, beside the page's own thread: the text is answered by the parser's tokens.
import { Lexer } from 'marked';
import { answer } from './ask.js';

// What the parser adds to its lists, functions included, cannot go from thread to thread: JSON leaves it behind.
answer(text => JSON.parse(JSON.stringify(new Lexer({ gfm: true }).lex(text))));
