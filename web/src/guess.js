// What language a text is probably in, when nobody said: by words that stand out at its beginning. Prose, and whatever is in doubt, is
// left alone: colours in the wrong places are worse than none.

/** So much of the text is looked at. */
const looked = 8 * 1024;

/** So many points make a guess: one sign that leaves no doubt, or several. */
const enough = 3;

/** @typedef {[id: string, label: string, signs: [RegExp, number][]]} Candidate */

/** @type {Candidate[]} */
const candidates = [
  ['bash', 'Bash', [[/^#!.*\b(ba|z|k)?sh\b/, 4], [/^[ \t]*(fi|done|esac)$/m, 2], [/^[ \t]*(if \[|for \w+ in |while |case )/m, 1], [/"?\$[{(\w@#]/, 1], [/^[ \t]*(echo|export|sudo|set -\w)\b/m, 1]]],
  ['c', 'C', [[/^#include [<"][\w/.]+\.h[>"]/m, 3], [/\b(int|void|char) \*?\w+\(.*\) ?\{?$/m, 1], [/\b(printf|malloc|sizeof)\(/, 1]]],
  ['cpp', 'C++', [[/^#include <\w+>/m, 3], [/\bstd::\w/, 3], [/\b(cout|cerr) ?<</, 2], [/\btemplate ?</, 2]]],
  ['csharp', 'C#', [[/^[ \t]*using [A-Z][\w.]*;$/m, 3], [/^namespace [\w.]+/m, 2], [/\b(public|private|internal) .*[({]$/m, 1], [/\bConsole\.Write/, 2], [/\{ get; /, 2]]],
  ['css', 'CSS', [[/^[.#:@]?[\w-][^;={}()]*\{$/m, 1], [/^\s+[a-z-]+: [^;{}]+;$/m, 2], [/^(@media|@import|:root)\b/m, 2]]],
  ['diff', 'Diff', [[/^diff --git /m, 4], [/^--- .*\n\+\+\+ /m, 3], [/^@@ -\d/m, 2]]],
  ['dockerfile', 'Dockerfile', [[/^FROM \S+/m, 2], [/^(RUN|CMD|COPY|ENTRYPOINT|WORKDIR) /m, 2]]],
  ['go', 'Go', [[/^package \w+$/m, 2], [/^func (\(.*\) )?\w+\(/m, 2], [/ := /, 1], [/\bfmt\.[A-Z]/, 2]]],
  ['haskell', 'Haskell', [[/^\w+ :: .*(->|IO)/m, 3], [/^import (qualified )?[A-Z][\w.]*( |$)/m, 2], [/^module [A-Z].* where$/m, 3]]],
  ['html', 'HTML', [[/^\s*<!doctype html/i, 4], [/^\s*<html\b/i, 4], [/<\/(div|p|span|body|script|a)>/, 3]]],
  ['http', 'HTTP message', [[/^HTTP\/\d\S* \d{3}/, 4], [/^(GET|POST|PUT|HEAD|DELETE) \S+ HTTP\//, 4]]],
  ['ini', 'INI', [[/^\[[^\][]+\]$/m, 2], [/^[\w.-]+ ?= ?\S/m, 1]]],
  ['java', 'Java', [[/^package [\w.]+;$/m, 3], [/^import (static )?[a-z][\w.]+(\.\*)?;$/m, 3], [/\bpublic (static |final )*(class|interface|void|enum)\b/, 2], [/\bSystem\.out\.print/, 3]]],
  ['javascript', 'JavaScript', [[/\b(const|let|var) [\w{[].* = /, 1], [/=> ?[{(\w]/, 1], [/\bfunction ?\w*\(.*\) ?\{/, 2], [/\brequire\(['"]/, 2], [/^import .* from ['"]/m, 2], [/^export (default|const|function|class)\b/m, 2], [/\bconsole\.log\(/, 3], [/\bdocument\.\w+\(/, 2]]],
  ['kotlin', 'Kotlin', [[/^[ \t]*(override |private |suspend )*fun .*\(.*[{=]/m, 3], [/\bval \w+( =|:)/, 1]]],
  ['lua', 'Lua', [[/^[ \t]*local (function )?\w+/m, 2], [/\bfunction\b.*\)$/m, 1], [/^[ \t]*end$/m, 1]]],
  ['makefile', 'Makefile', [[/^[\w./-]+:[^=\n]*\n\t\S/m, 3], [/^\.PHONY:/m, 3]]],
  ['markdown', 'Markdown', [[/^#{1,4} \S.*\n/m, 1], [/^[*-] \S/m, 1], [/\[[^\][\n]{1,200}\]\([^\s()]{1,500}\)/, 2], [/^```/m, 2], [/\*\*\S.*\S\*\*/, 1]]],
  ['nginx', 'nginx config', [[/^[ \t]*(server|location .*|upstream \w+) \{$/m, 3], [/^[ \t]*(listen|proxy_pass|server_name) .*;$/m, 2]]],
  ['ocaml', 'OCaml', [[/^let (rec )?\w+ .*=/m, 1], [/\bmatch .* with$/m, 2], [/\blet\b.*\bin$/m, 2], [/^[ \t]*\| .* ->/m, 1], [/;;$/m, 2], [/^open [A-Z]\w*$/m, 2]]],
  ['perl', 'Perl', [[/^#!.*\bperl\b/, 4], [/^use (strict|warnings)\b/m, 4], [/\bmy [$@%]\w/, 3]]],
  ['php', 'PHP', [[/^\s*<\?php\b/, 4]]],
  ['powershell', 'PowerShell', [[/\b(Get|Set|New|Remove|Write|Invoke)-[A-Z]\w+/, 3], [/^[ \t]*\$\w+ = /m, 1]]],
  ['python', 'Python', [[/^#!.*\bpython/, 4], [/^[ \t]*(async )?def \w+\(.*\).*:$/m, 3], [/^(from [\w.]+ )?import [\w.]+( as \w+)?$/m, 2], [/^[ \t]*class \w+(\(.*\))?:$/m, 3], [/^[ \t]*(elif .*|else|try|except.*|with .*|for .* in .*):$/m, 1], [/^if __name__ ==/m, 3], [/\bself\.\w/, 1]]],
  ['ruby', 'Ruby', [[/^#!.*\bruby\b/, 4], [/^[ \t]*def \w+[?!]?(\(.*\))?$/m, 2], [/^[ \t]*end$/m, 1], [/^require ['"]/m, 2], [/ do \|\w+/, 3]]],
  ['rust', 'Rust', [[/\bfn \w+(<.*>)?\(.*\).* \{/, 3], [/\blet mut \w/, 2], [/^use (std|crate)::/m, 3], [/\bprintln!\(/, 3], [/^#\[derive\(/m, 3]]],
  ['sql', 'SQL', [[/^[ \t]*(SELECT\b[^;]{1,300}\bFROM\b|INSERT INTO|CREATE (TABLE|INDEX|VIEW)\b|DELETE FROM|ALTER TABLE|UPDATE \w+ SET\b)/m, 3], [/^[ \t]*(select|insert into|create table|delete from|alter table|update)\b[^;]{1,500};$/m, 3]]],
  ['swift', 'Swift', [[/^import (Foundation|UIKit|SwiftUI)$/m, 4], [/\bfunc \w+\(.*\) -> /, 3], [/\b(guard|if) let \w/, 2]]],
  ['typescript', 'TypeScript', [[/^(export )?(interface|type) \w+.*[{=]/m, 3], [/[\w)]: (string|number|boolean|void|unknown)\b/, 2], [/\b(const|let) \w+(: \w+)? = /, 1]]],
  ['xml', 'XML', [[/^\s*<\?xml\b/, 4], [/^\s*<svg\b/, 4]]],
  ['yaml', 'YAML', [[/^---$/m, 1], [/^[\w-]+:\n( {2}| *- )\S/m, 3], [/^[\w-]+: [^;{]+$/m, 1]]],
];

/**
 * @param {string} text
 * @returns {{ id: string, label: string } | undefined}
 */
export function guess(text) {
  const start = text.slice(0, looked);
  if (isJson(text)) return { id: 'json', label: 'JSON' };
  let [best, second] = [0, 0];
  /** @type {Candidate | undefined} */
  let found;
  for (const candidate of candidates) {
    const points = candidate[2].reduce((sum, [sign, weight]) => sum + (sign.test(start) ? weight : 0), 0);
    if (points > best) [found, best, second] = [candidate, points, best];
    else if (points > second) second = points;
  }
  return found && best >= enough && best > second ? { id: found[0], label: found[1] } : undefined;
}

/** @param {string} text */
function isJson(text) {
  if (!/^\s*[[{][\s"{[\]}\d-]/.test(text) || text.length > 1024 * 1024) return false;
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
