import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guess } from '../src/guess.js';

const samples = {
  bash: '#!/bin/sh\nset -eu\nfor f in *; do echo "$f"; done\n',
  c: '#include <stdio.h>\n\nint main(void) {\n    printf("hi\\n");\n    return 0;\n}\n',
  cpp: '#include <iostream>\nint main() { std::cout << "hi"; }\n',
  csharp: 'using System;\n\nnamespace A;\n\npublic sealed class B\n{\n    public int C { get; set; }\n}\n',
  css: 'body {\n  margin: 0;\n  color: red;\n}\n',
  diff: 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n',
  dockerfile: 'FROM debian:12\nRUN apt-get update\nCMD ["sh"]\n',
  go: 'package main\n\nimport "fmt"\n\nfunc main() {\n\tx := 1\n\tfmt.Println(x)\n}\n',
  haskell: 'module Main where\n\nmain :: IO ()\nmain = putStrLn "hi"\n',
  html: '<!DOCTYPE html>\n<html lang="en"><body><p>hi</p></body></html>\n',
  http: 'GET / HTTP/1.1\nHost: a\n',
  ini: '[section]\nname = value\n',
  java: 'package a.b;\n\npublic class C {\n    public static void main(String[] args) { System.out.println("hi"); }\n}\n',
  javascript: "const a = (b) => {\n  console.log(b);\n};\n",
  json: '{\n  "a": [1, 2, null]\n}\n',
  makefile: 'all: a.o\n\tcc -o a a.o\n',
  markdown: '# Title\n\n- one\n- [two](https://example.org)\n',
  nginx: 'server {\n    listen 80;\n    server_name a;\n}\n',
  ocaml: 'let rec f x =\n  match x with\n  | [] -> 0\n  | _ :: t -> let n = f t in n + 1\n',
  perl: 'use strict;\nmy $x = 1;\n',
  php: '<?php\necho 1;\n',
  python: 'import os\n\ndef f(x):\n    return os.path.join(x)\n\nclass A:\n    pass\n',
  ruby: "require 'json'\ndef f(x)\n  x.each do |y|\n    puts y\n  end\nend\n",
  rust: 'use std::io;\n\nfn main() {\n    let mut x = 1;\n    println!("{}", x);\n}\n',
  sql: 'SELECT a, b\nFROM t\nWHERE a = 1;\n',
  typescript: 'export interface A {\n  b: string;\n}\nconst c: A = { b: "" };\n',
  xml: '<?xml version="1.0"?>\n<a><b/></a>\n',
  yaml: 'services:\n  web:\n    image: nginx\n    ports:\n      - "80:80"\n',
};

for (const [id, text] of Object.entries(samples)) {
  test(`A text in ${id} is known by its looks`, () => assert.equal(guess(text)?.id, id));
}

const prose = [
  '', 'hello', 'Dear all,\n\nplease find the notes of the meeting below. We agreed to import nothing from elsewhere.\n\n- one\n- two\n',
  'Nov 22 10:00:01 host sshd[12]: Accepted publickey for a from 10.0.0.1\nNov 22 10:00:02 host sshd[12]: session opened\n',
  '12 34\n56 78\n', 'a = b, and c = d', '[1] See above.', '{not json', 'Select one from the list, then go on.',
];
for (const text of prose) test(`"${text.slice(0, 20).replaceAll('\n', ' ')}" is left alone`, () => assert.equal(guess(text), undefined));

// This runs on the page's own thread: a stranger's text must not hold it up.
const pieces = [
  'a', ' ', '(', 'x: ', '{"', '[', '=>', '#include <', 'let a ', '\n', '\t\n', '\n   ', '[a](', '**a ', '</', 'a:\n', '\n--- ', 'fn a<', 'match ', 'SELECT ', '\nlocal', '\nexport interface a',
];
for (const piece of pieces) {
  test(`A megabyte of ${JSON.stringify(piece)} takes no time`, () => {
    const from = performance.now();
    guess(piece.repeat(1024 * 1024 / piece.length));
    assert.ok(performance.now() - from < 500);
  });
}
