// Makes what the program embeds out of src/ and words/: minified, named by a hash of its content, and compressed once and for all.
// usage: node build.mjs OUT-FOLDER
// OUT-FOLDER gets NAME.HASH.EXT, .br and .gz beside each, and manifest.txt with a line "NAME.EXT NAME.HASH.EXT" for each asset. A script
// that has words in it is made once for each language: "LANGUAGE/NAME.EXT NAME.LANGUAGE.HASH.EXT".
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const assets = ['style.css', 'form.js', 'seal.js', 'paste.js', 'sealed.js', 'icon.svg'];
const source = fileURLToPath(new URL('src', import.meta.url));
const wordsFolder = fileURLToPath(new URL('words', import.meta.url));
const languages = (await readdir(wordsFolder)).map(file => file.slice(0, -'.json'.length)).sort();
const out = process.argv[2] ?? usage();

/** @returns {never} */
function usage() {
  console.error('usage: node build.mjs OUT-FOLDER');
  process.exit(64);
}

/**
 * Puts the text of each words['key'] into the scripts.
 * @param {Record<string, string>} words
 * @param {string} language
 * @returns {import('esbuild').Plugin}
 */
function speaking(words, language) {
  return {
    name: 'words',
    setup({ onLoad }) {
      onLoad({ filter: /[/\\]src[/\\][^/\\]+\.js$/ }, async ({ path }) => {
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

/**
 * @param {string} name
 * @param {string} language
 * @returns {Promise<Uint8Array>}
 */
async function minified(name, language) {
  const path = join(source, name);
  if (!['.css', '.js'].includes(extname(name))) return readFile(path);
  const words = JSON.parse(await readFile(join(wordsFolder, `${language}.json`), 'utf8'));
  const result = await build({
    entryPoints: [path], bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', legalComments: 'none', charset: 'utf8',
    supported: { nesting: true }, plugins: [speaking(words, language)],
  });
  const file = result.outputFiles[0];
  if (!file) throw new Error(`${name}: nothing was made of it`);
  return file.contents;
}

/** @type {string[]} */
const manifest = [];

/**
 * @param {string} name as the program asks for it
 * @param {string} stem
 * @param {Uint8Array} bytes
 */
async function write(name, stem, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const hashed = `${stem}.${hash}${extname(name)}`;
  await writeFile(join(out, hashed), bytes);
  await writeFile(join(out, `${hashed}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  await writeFile(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  manifest.push(`${name} ${hashed}\n`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const name of assets) {
  const stem = name.slice(0, -extname(name).length);
  const made = await Promise.all(languages.map(async language => ({ language, bytes: await minified(name, language) })));
  const first = /** @type {Uint8Array} */ (made[0]?.bytes);
  if (made.every(({ bytes }) => Buffer.compare(bytes, first) === 0)) await write(name, stem, first);
  else for (const { language, bytes } of made) await write(`${language}/${name}`, `${stem}.${language}`, bytes);
}
await writeFile(join(out, 'manifest.txt'), manifest.join(''));
