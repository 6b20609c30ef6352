// Makes docs/formats/envelope-vectors.json of docs/formats/envelope.md alone, with the cryptography of node: it shares no code with
// the two implementations that are tested against it. The same vectors come out each time.
//
//   node tests/Pasteur.Tests/Envelopes/make-vectors.mjs >docs/formats/envelope-vectors.json
import { createHash, webcrypto } from "node:crypto";
import { constants, deflateRawSync } from "node:zlib";

const { subtle } = webcrypto;
const utf8 = (text) => Buffer.from(text, "utf8");
const u32 = (number) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(number); return bytes; };
const magic = Buffer.from("50737472456e760a", "hex");

// Bytes that look random and are the same each time.
const drawn = (name, what, length) => createHash("sha256").update(`${name} ${what}`).digest().subarray(0, length);

async function hkdf(secret, info) {
  const material = await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return Buffer.from(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(info) }, material, 256));
}

async function pbkdf2(passphrase, salt, rounds) {
  const material = await subtle.importKey("raw", utf8(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveBits"]);
  return Buffer.from(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, material, 256));
}

function padmé(length) {
  const l = Math.max(length, 256);
  const e = Math.floor(Math.log2(l));
  const s = Math.floor(Math.log2(e)) + 1;
  const step = 2 ** (e - s);
  return Math.ceil(l / step) * step;
}

const headOf = (files, language) => JSON.stringify({ files: files.map((file) => ({ name: file.name, size: file.bytes.length })), ...(language && { language }) });
const contentOf = (head, body) => Buffer.concat([u32(utf8(head).length), utf8(head), body]);
const deflate = (content) => deflateRawSync(content, { level: constants.Z_BEST_COMPRESSION });

function pad(packed) {
  const padded = Buffer.alloc(padmé(4 + packed.length));
  u32(packed.length).copy(padded);
  packed.copy(padded, 4);
  return padded;
}

/** Seals any padded bytes under any header, so that what is inside may be wrong. */
async function seal(name, { padded, passphrase = null, rounds = 600_000, version = 1, flags = passphrase === null ? 0 : 1 }) {
  const key = drawn(name, "key", 32);
  const salt = drawn(name, "salt", 16);
  const iv = drawn(name, "iv", 12);
  const isSane = rounds >= 600_000 && rounds <= 10_000_000;
  const secret = passphrase === null ? key : Buffer.concat([key, await pbkdf2(passphrase, salt, isSane ? rounds : 1)]);
  const aes = await subtle.importKey("raw", await hkdf(secret, "pasteur envelope v1 content"), "AES-GCM", false, ["encrypt"]);
  const fixed = Buffer.concat([magic, Buffer.from([version, flags]), ...(passphrase === null ? [] : [salt, u32(rounds)]), iv]);
  const sealed = Buffer.from(await subtle.encrypt({ name: "AES-GCM", iv, additionalData: fixed, tagLength: 128 }, aes, padded));
  return { envelope: Buffer.concat([fixed, sealed]), key: key.toString("base64url") };
}

const vectors = [];

async function opens(name, files, { language, passphrase = null, rounds, given = passphrase } = {}) {
  const padded = pad(deflate(contentOf(headOf(files, language), Buffer.concat(files.map((file) => file.bytes)))));
  const { envelope, key } = await seal(name, { padded, passphrase, rounds });
  vectors.push({
    name, envelope: envelope.toString("hex"), key, passphrase: given,
    files: files.map((file) => ({ name: file.name, bytes: file.bytes.toString("hex") })), language: language ?? null,
    proof: (await hkdf(drawn(name, "key", 32), "pasteur envelope v1 proof")).toString("hex"),
  });
  return { envelope, key, passphrase };
}

function fails(name, of, failure, { envelope = of.envelope, key = of.key, passphrase = of.passphrase ?? null } = {}) {
  vectors.push({ name, envelope: envelope.toString("hex"), key, passphrase, fails: failure });
}

function flipped(envelope, at) {
  const changed = Buffer.from(envelope);
  changed[at < 0 ? changed.length + at : at] ^= 0x10;
  return changed;
}

const file = (name, bytes) => ({ name, bytes: Buffer.isBuffer(bytes) ? bytes : utf8(bytes) });
const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, i) => (i * 7) & 0xff));

// What opens.
const plain = await opens("plain text", [file("paste.txt", "hello, world\n")]);
await opens("language", [file("a.ml", "let x = 1\n")], { language: "ocaml" });
await opens("several files", [file("a.c", "int main;\n"), file("b.bin", everyByte), file("empty", ""), file("c.txt", "end without line feed")], { language: "c" });
await opens("empty file", [file("empty.txt", "")]);
await opens("every byte", [file("bytes.bin", everyByte)]);
await opens("names that are no paths", [file("../../etc/passwd", "a"), file("é ☃ 𝕏.txt", "b"), file("", "c"), file("a\n\"b\"", "d"), file("a", "1"), file("a", "2")]);
await opens("text beyond ASCII", [file("ünï.txt", "é\u{1f600}\u0000\ufeffz")]);
await opens("larger than 256 bytes padded", [file("noise.bin", Buffer.concat(Array.from({ length: 40 }, (_, i) => drawn("noise", String(i), 32))))]);
const guarded = await opens("passphrase", [file("secret.txt", "behind a passphrase\n")], { passphrase: "correct horse" });
await opens("passphrase beyond ASCII, composed", [file("s", "1")], { passphrase: "pâté \u{1f511}" });
await opens("passphrase beyond ASCII, given decomposed", [file("s", "2")], { passphrase: "pâté Å 각", given: "pa\u0302te\u0301 \u212b \u1100\u1161\u11a8" });
await opens("passphrase of more rounds", [file("s", "3")], { passphrase: "x", rounds: 600_001, language: "text" });
for (const [name, extra] of [["unknown members", { later: [1, { a: null }] }], ["language before files", {}]]) {
  const head = name === "unknown members" ? JSON.stringify({ files: [{ name: "a", size: 1, mode: 420 }], ...extra }) : '{ "language": "go", "files": [ {"size":1,"name":"a"} ] }';
  const { envelope, key } = await seal(name, { padded: pad(deflate(contentOf(head, utf8("x")))) });
  vectors.push({ name, envelope: envelope.toString("hex"), key, passphrase: null, files: [{ name: "a", bytes: "78" }], language: name === "unknown members" ? null : "go" });
}
{
  const { envelope, key } = await seal("stored, not compressed", { padded: pad(deflateRawSync(contentOf(headOf([file("a", "x")]), utf8("x")), { level: 0 })) });
  vectors.push({ name: "stored, not compressed", envelope: envelope.toString("hex"), key, passphrase: null, files: [{ name: "a", bytes: "78" }], language: null });
}

// What does not, in the order of the checks.
fails("nothing", plain, "none", { envelope: Buffer.alloc(0) });
fails("text", plain, "none", { envelope: utf8("hello, this is no envelope but a text that is longer than one\n") });
fails("cut in the magic", plain, "none", { envelope: plain.envelope.subarray(0, 7) });
fails("line feed became CR LF", plain, "none", { envelope: Buffer.concat([plain.envelope.subarray(0, 7), utf8("\r"), plain.envelope.subarray(7)]) });
fails("newer version", await seal("newer version", { padded: Buffer.alloc(256), version: 2 }), "newer");
fails("version 0", await seal("version 0", { padded: Buffer.alloc(256), version: 0 }), "newer");
fails("newer version, short", plain, "newer", { envelope: Buffer.concat([magic, Buffer.from([2])]) });
fails("unknown flag", await seal("unknown flag", { padded: Buffer.alloc(256), flags: 2 }), "newer");
fails("unknown flag beside that of a passphrase", await seal("unknown flag 129", { padded: Buffer.alloc(256), flags: 0x81 }), "newer");
for (const length of [8, 9, 10, 21, 22, 37]) fails(`cut to ${length} bytes`, plain, "cut", { envelope: plain.envelope.subarray(0, length) });
for (const length of [10, 26, 30, 42, 57]) fails(`cut to ${length} bytes, with a passphrase`, guarded, "cut", { envelope: guarded.envelope.subarray(0, length) });
fails("cut and newer", plain, "newer", { envelope: Buffer.concat([magic, Buffer.from([1, 4])]) });
fails("no key", plain, "key", { key: "" });
fails("key without its last character", plain, "key", { key: plain.key.slice(0, -1) });
fails("key with a character more", plain, "key", { key: `${plain.key}A` });
fails("key with padding", plain, "key", { key: `${plain.key.slice(0, -1)}=` });
fails("key of the other base64", plain, "key", { key: `+/${plain.key.slice(2)}` });
fails("key with a space", plain, "key", { key: ` ${plain.key.slice(1)}` });
fails("key that is missing counts before the passphrase", guarded, "key", { key: "", passphrase: null });
fails("no passphrase given", guarded, "passphrase", { passphrase: null });
fails("wrong passphrase", guarded, "sealed", { passphrase: "correct horsE" });
fails("wrong key", plain, "sealed", { key: guarded.key });
fails("wrong key, right passphrase", guarded, "sealed", { key: plain.key });
for (const length of [38, plain.envelope.length - 1]) fails(`cut to ${length} bytes, which is long enough`, plain, "sealed", { envelope: plain.envelope.subarray(0, length) });
fails("a byte more", plain, "sealed", { envelope: Buffer.concat([plain.envelope, Buffer.alloc(1)]) });
fails("flipped bit of the iv", plain, "sealed", { envelope: flipped(plain.envelope, 10) });
fails("flipped bit of the sealed bytes", plain, "sealed", { envelope: flipped(plain.envelope, 30) });
fails("flipped bit of the padding", plain, "sealed", { envelope: flipped(plain.envelope, -20) });
fails("flipped bit of the tag", plain, "sealed", { envelope: flipped(plain.envelope, -1) });
fails("flipped bit of the salt", guarded, "sealed", { envelope: flipped(guarded.envelope, 10) });
fails("another number of rounds", guarded, "sealed", { envelope: flipped(guarded.envelope, 29) });
{
  // What was sealed without a passphrase does not open as if it had one, nor the other way round.
  const claimed = Buffer.concat([plain.envelope.subarray(0, 9), Buffer.from([1]), drawn("claimed", "salt", 16), u32(600_000), plain.envelope.subarray(10)]);
  fails("flag of a passphrase put in", plain, "sealed", { envelope: claimed, passphrase: "x" });
  const denied = Buffer.concat([guarded.envelope.subarray(0, 9), Buffer.from([0]), guarded.envelope.subarray(30)]);
  fails("flag of a passphrase taken out", guarded, "sealed", { envelope: denied });
}
for (const rounds of [0, 599_999, 10_000_001, 0xffff_ffff]) {
  const padded = pad(deflate(contentOf(headOf([file("a", "x")]), utf8("x"))));
  fails(`${rounds} rounds`, { ...await seal(`${rounds} rounds`, { padded, passphrase: "x", rounds }), passphrase: "x" }, "content");
}

// Sealed with the right key, and wrong inside.
const wrongPadded = {
  "length beyond the padding": Buffer.concat([u32(253), Buffer.alloc(252)]),
  "length of nothing": Buffer.alloc(256),
  "length of four gigabytes": Buffer.alloc(256, 0xff),
  "no length": Buffer.alloc(3),
  "not deflated": pad(utf8("not deflated at all")),
  "deflated, but cut": pad(deflate(contentOf(headOf([file("a", "xyz")]), utf8("xyz"))).subarray(0, -1)),
  "deflated, and more": pad(Buffer.concat([deflate(contentOf(headOf([file("a", "xyz")]), utf8("xyz"))), Buffer.from([0])])),
};
for (const [name, padded] of Object.entries(wrongPadded)) fails(name, await seal(name, { padded }), "content");

const one = (member) => `{"files":[{"name":"a",${member}}]}`;
const wrongContent = {
  "content of no bytes": Buffer.alloc(0),
  "content of three bytes": Buffer.alloc(3),
  "head beyond the content": Buffer.concat([u32(100), utf8("{}")]),
  "head of four gigabytes": Buffer.concat([u32(0xffff_ffff), utf8("{}")]),
  "head of no bytes": contentOf("", utf8("x")),
  "head that is no JSON": contentOf('{"files":[', utf8("x")),
  "head with more after it": contentOf(`${one('"size":1')}}`, utf8("x")),
  "head that is not UTF-8": Buffer.concat([u32(33), Buffer.from('{"files":[{"name":"\xff","size":1}]}', "latin1"), utf8("x")]),
  "head that is a list": contentOf("[]", Buffer.alloc(0)),
  "head that is null": contentOf("null", Buffer.alloc(0)),
  "no files": contentOf("{}", Buffer.alloc(0)),
  "an empty list of files": contentOf('{"files":[]}', Buffer.alloc(0)),
  "files that are no list": contentOf('{"files":{"name":"a","size":1}}', utf8("x")),
  "file that is null": contentOf('{"files":[null]}', Buffer.alloc(0)),
  "file without a name": contentOf('{"files":[{"size":1}]}', utf8("x")),
  "name that is no text": contentOf('{"files":[{"name":1,"size":1}]}', utf8("x")),
  "file without a size": contentOf('{"files":[{"name":"a"}]}', Buffer.alloc(0)),
  "size that is text": contentOf(one('"size":"1"'), utf8("x")),
  "size below zero": contentOf('{"files":[{"name":"a","size":-1},{"name":"b","size":2}]}', utf8("x")),
  "size that is no whole number": contentOf('{"files":[{"name":"a","size":0.5},{"name":"b","size":0.5}]}', utf8("x")),
  "size beyond the body": contentOf(one('"size":2'), utf8("x")),
  "size beyond every number": contentOf(one('"size":1e400'), utf8("x")),
  "sizes that wrap around": contentOf('{"files":[{"name":"a","size":4294967295},{"name":"b","size":2}]}', utf8("x")),
  "body longer than the sizes": contentOf(one('"size":1'), utf8("xy")),
  "language that is no text": contentOf('{"files":[{"name":"a","size":1}],"language":1}', utf8("x")),
};
for (const [name, content] of Object.entries(wrongContent)) fails(name, await seal(name, { padded: pad(deflate(content)) }), "content");
{
  const head = headOf([{ name: "zeros", bytes: { length: 64 * 1024 * 1024 } }]);
  const name = "larger than 64 MiB, of zeros";
  fails(name, await seal(name, { padded: pad(deflate(contentOf(head, Buffer.alloc(64 * 1024 * 1024)))) }), "content");
}

process.stdout.write(`[\n${vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(",\n")}\n]\n`);
