// The words of the site (web/words). Tests and types take these, the English ones; in what browsers load, the build has put the text of one
// language in place of each of them (build.mjs), and nothing is left of this.
import english from '../words/en.json' with { type: 'json' };

export const words = english;
