// The Compression Standard has a DecompressionStream fail when bytes follow the end of the data, and browsers' do. Node's does not before
// version 22: then the tests give it one that does.
import { inflateRawSync } from 'node:zlib';

const most = 80 * 1024 * 1024;

class StrictInflate extends TransformStream {
  constructor() {
    /** @type {Uint8Array[]} */
    const chunks = [];
    super({
      transform(chunk) {
        chunks.push(chunk);
      },
      flush(controller) {
        const packed = Buffer.concat(chunks);
        const { buffer, engine } = /** @type {any} */ (inflateRawSync(packed, { info: true, maxOutputLength: most }));
        if (engine.bytesWritten !== packed.length) throw new TypeError('bytes follow the end');
        controller.enqueue(new Uint8Array(buffer));
      },
    });
  }
}

async function isLax() {
  const endAndMore = new Blob([new Uint8Array([3, 0, 0xff])]);
  return endAndMore.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader().read().then(() => true, () => false);
}

if (await isLax()) globalThis.DecompressionStream = /** @type {any} */ (StrictInflate);
