/** Strict decompression: `fetch` and got accept a cut-off gzip as whole, and neither limits what comes out of a small answer. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { ScrapeError } from './errors.ts';

/** What we tell sites we can read. */
export const acceptedEncodings = 'gzip, deflate, br, zstd';

/** Undoes one layer of `Content-Encoding`; throws `truncated` for a cut or damaged body, `too_large` beyond `maxBytes` or for stacked layers. */
export async function decompress(body: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const layers = contentEncoding
    .split(',')
    .map((layer) => layer.trim().toLowerCase())
    .filter((layer) => layer !== '' && layer !== 'identity');
  const [encoding] = layers;
  if (encoding === undefined) return body;
  // 658 bytes of gzip inside gzip are enough for 300 MB.
  if (layers.length > 1) throw new ScrapeError('too_large', `compressed ${layers.length} times over`);
  const undo = decompressor(encoding, body);
  if (!undo) throw new ScrapeError('drifted', 'compressed in a way we did not ask for');
  try {
    return await undo(body, { maxOutputLength: maxBytes, chunkSize: 64 * 1024 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new ScrapeError('too_large', `more than ${maxBytes} bytes unpacked`);
    if (code === 'Z_BUF_ERROR') throw new ScrapeError('truncated', `the ${encoding} data stops in the middle`);
    throw new ScrapeError('truncated', `the ${encoding} data is damaged`);
  }
}

function decompressor(encoding: string, body: Buffer) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return promisify(gunzip);
    case 'deflate':
      // Half the servers send it without the zlib wrapper: https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2
      return ((body[0] ?? 0) & 0x0f) === 8 ? promisify(inflate) : promisify(inflateRaw);
    case 'br':
      return promisify(brotliDecompress);
    case 'zstd':
      return promisify(zstdDecompress);
    default:
      return null;
  }
}
