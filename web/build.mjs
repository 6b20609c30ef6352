// Makes what the program embeds out of src/ and words/: minified, named by a hash of its content, and compressed once and for all.
// usage: node build.mjs OUT-FOLDER
// OUT-FOLDER gets NAME.HASH.EXT.br, and manifest.txt with a line "NAME.EXT NAME.HASH.EXT" for each asset; a script that has words in
// it is made once for each language of the site: "LANGUAGE/NAME.EXT NAME.LANGUAGE.HASH.EXT". What only some pastes need is in one folder,
// reading.HASH, so that a page need name no more than that: what colours and renders, and a grammar for each language of programs.
// texts/NAME.br is what the program itself reads.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const assets = ['style.css', 'form.js', 'seal.js', 'work.js', 'paste.js', 'sealed.js', 'owner.js', 'qr.js', 'icon.svg'];
const source = fileURLToPath(new URL('src', import.meta.url));
const wordsFolder = fileURLToPath(new URL('words', import.meta.url));
const program = fileURLToPath(new URL('../src/Pasteur', import.meta.url));
const languages = join(program, 'Pastes/languages.txt');
const texts = [languages, join(program, 'Envelopes/composition.txt'), join(program, 'Web/Api/openapi.json')];
const out = process.argv[2] ?? '';
if (!out) {
  console.error('usage: node build.mjs OUT-FOLDER');
  process.exit(64);
}

/** @type {import('esbuild').BuildOptions} */
const settings = {
  bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', legalComments: 'none', charset: 'utf8',
  supported: { nesting: true }, absWorkingDir: dirname(source),
};

/**
 * @param {import('esbuild').BuildOptions} entry
 * @returns {Promise<Uint8Array>}
 */
async function bundled(entry) {
  const file = (await build({ ...settings, ...entry })).outputFiles?.[0];
  if (!file) throw new Error('nothing was made of a module');
  return file.contents;
}

/**
 * @param {string} name
 * @param {import('esbuild').BuildOptions} [options]
 */
async function minified(name, options = {}) {
  const path = join(source, name);
  return ['.css', '.js'].includes(extname(name)) ? bundled({ entryPoints: [path], ...options }) : readFile(path);
}

/**
 * Puts the text of each words['key'] into the scripts.
 * @param {string} language
 * @param {Record<string, string>} words
 * @returns {import('esbuild').Plugin}
 */
function speaking(language, words) {
  return {
    name: 'words',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\]src[/\\].*\.js$/ }, async ({ path }) => {
        const script = await readFile(path, 'utf8');
        const contents = script.replace(/\bwords\['([^']*)'\]/g, (_, key) => {
          if (words[key] === undefined) throw new Error(`${path}: words/${language}.json has no "${key}"`);
          return JSON.stringify(words[key]);
        });
        return { contents, loader: 'js' };
      });
    },
  };
}

/** The languages of the site, each with what makes scripts speak it. */
async function voices() {
  const files = (await readdir(wordsFolder)).sort();
  return Promise.all(files.map(async file => {
    const language = basename(file, '.json');
    return { language, plugin: speaking(language, JSON.parse(await readFile(join(wordsFolder, file), 'utf8'))) };
  }));
}

/** For each language the modules that its text needs, the first for the language itself. */
async function modulesOfLanguages() {
  const lines = (await readFile(languages, 'utf8')).split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return lines.map(line => line.split('|').map(column => column.trim()))
    .map(columns => ({ id: columns[0] ?? '', modules: (columns[3] ?? '-').split(' ') })).filter(({ modules }) => modules[0] !== '-');
}

/**
 * Mathematica's grammar lists all 7,000 names of the system, 28 KB with Brotli, which would make its page heavier than any other. By the
 * language's own convention they are those that begin with a capital letter.
 * @type {import('esbuild').Plugin}
 */
const lighter = {
  name: 'lighter grammars',
  setup({ onLoad }) {
    onLoad({ filter: /languages[/\\]mathematica\.js$/ }, async ({ path }) => {
      const grammar = await readFile(path, 'utf8');
      const contents = grammar.replace(/const SYSTEM_SYMBOLS = \[[^\]]*\];/, '').replace('new Set(SYSTEM_SYMBOLS)', '{ has: name => /^\\$?[A-Z]/.test(name) }');
      if (contents.includes('SYSTEM_SYMBOLS =')) throw new Error(`${path}: its list of names looks otherwise than it did`);
      return { contents, loader: 'js' };
    });
  },
};

/**
 * A module whose default export lists [name, grammar] of each of these.
 * @param {string[]} modules
 */
function grammars(modules) {
  const imports = modules.map((module, i) => `import g${i} from 'highlight.js/lib/languages/${module}';`);
  const list = modules.map((module, i) => `['${module}', g${i}]`);
  return bundled({ stdin: { contents: `${imports.join('\n')}\nexport default [${list.join(', ')}];`, resolveDir: source }, plugins: [lighter] });
}

async function reading() {
  /** @type {[string, Uint8Array][]} */
  const files = [];
  for (const name of ['worker.js', 'paint.js', 'lex.js', 'render.js']) files.push([name, await minified(`reading/${name}`)]);
  for (const { id, modules } of await modulesOfLanguages()) files.push([`${id}.js`, await grammars(modules)]);
  return files;
}

/** @param {Uint8Array[]} parts */
function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
/** @type {string[]} */
const manifest = [];

/**
 * @param {string} name
 * @param {string} hashed
 * @param {Uint8Array} bytes
 */
async function embed(name, hashed, bytes) {
  await compress(hashed, bytes);
  manifest.push(`${name} ${hashed}\n`);
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 */
async function compress(name, bytes) {
  await mkdir(dirname(join(out, name)), { recursive: true });
  await writeFile(join(out, `${name}.br`), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
}

const files = await reading();
const folder = `reading.${hashOf(...files.map(([, bytes]) => bytes))}`;
for (const [name, bytes] of files) await embed(`reading/${name}`, `${folder}/${name}`, bytes);
const spoken = await voices();
for (const name of assets) {
  const extension = extname(name);
  const stem = name.slice(0, -extension.length);
  const define = { READING: JSON.stringify(`./${folder}/`) };
  const made = await Promise.all(spoken.map(async ({ language, plugin }) => ({ language, bytes: await minified(name, { define, plugins: [plugin] }) })));
  const hashes = new Set(made.map(({ bytes }) => hashOf(bytes)));
  for (const { language, bytes } of hashes.size === 1 ? made.slice(0, 1) : made) {
    if (hashes.size === 1) await embed(name, `${stem}.${hashOf(bytes)}${extension}`, bytes);
    else await embed(`${language}/${name}`, `${stem}.${language}.${hashOf(bytes)}${extension}`, bytes);
  }
}
const words = (await readdir(wordsFolder)).map(file => join(wordsFolder, file));
for (const text of [...words, ...texts]) await compress(`texts/${basename(text)}`, await readFile(text));
await writeFile(join(out, 'manifest.txt'), manifest.join(''));
