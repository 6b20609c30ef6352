// Makes what the program embeds out of src/: minified, named by a hash of its content, and compressed once and for all.
// usage: node build.mjs OUT-FOLDER
// OUT-FOLDER gets NAME.HASH.EXT, .br and .gz beside each, and manifest.txt with a line "NAME.EXT NAME.HASH.EXT" for each asset.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const assets = ['style.css', 'form.js', 'seal.js', 'paste.js', 'sealed.js', 'icon.svg'];
const source = fileURLToPath(new URL('src', import.meta.url));
const out = process.argv[2];
if (!out) {
  console.error('usage: node build.mjs OUT-FOLDER');
  process.exit(64);
}

/**
 * @param {string} name
 * @returns {Promise<Uint8Array>}
 */
async function minified(name) {
  const path = join(source, name);
  if (!['.css', '.js'].includes(extname(name))) return readFile(path);
  const result = await build({
    entryPoints: [path], bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', legalComments: 'none', charset: 'utf8',
    supported: { nesting: true },
  });
  const file = result.outputFiles[0];
  if (!file) throw new Error(`${name}: nothing was made of it`);
  return file.contents;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const manifest = [];
for (const name of assets) {
  const bytes = await minified(name);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const extension = extname(name);
  const hashed = `${name.slice(0, -extension.length)}.${hash}${extension}`;
  await writeFile(join(out, hashed), bytes);
  await writeFile(join(out, `${hashed}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  await writeFile(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  manifest.push(`${name} ${hashed}\n`);
}
await writeFile(join(out, 'manifest.txt'), manifest.join(''));
