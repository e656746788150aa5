import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decompress } from '#scraper/decompress.ts';
import { failureOf } from './open-http.ts';

const text = Buffer.from(
  JSON.stringify(Array.from({ length: 2000 }, (_, index) => ({ index, odds: Math.sin(index) }))),
);
const megabyte = 1_000_000;

describe.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('%s', (encoding, compress) => {
  const packed = compress(text);

  test('is undone', async () => {
    expect((await decompress(packed, encoding, megabyte)).equals(text)).toBe(true);
  });

  test.each([1, 30, packed.length - 10, packed.length])('cut by %i bytes is truncated', async (bytes) => {
    const cut = packed.subarray(0, packed.length - bytes);
    expect((await failureOf(decompress(cut, encoding, megabyte))).kind).toBe('truncated');
  });

  test('unpacked beyond the limit is too large', async () => {
    expect((await failureOf(decompress(packed, encoding, text.length - 1))).kind).toBe('too_large');
  });

  test('a bomb is stopped at the limit', async () => {
    const bomb = compress(Buffer.alloc(30 * megabyte));
    expect((await failureOf(decompress(bomb, encoding, megabyte))).kind).toBe('too_large');
  });
});

test('damaged data is truncated, with nothing of it in the detail', async () => {
  const packed = gzipSync(text);
  packed[Math.floor(packed.length / 2)]! ^= 0xff;
  const failure = await failureOf(decompress(packed, 'gzip', megabyte));
  expect([failure.kind, failure.message]).toEqual(['truncated', 'the gzip data is damaged']);
});

test.each(['gzip, gzip', 'br,gzip', 'gzip, identity, gzip'])('stacked layers are refused: %s', async (encoding) => {
  expect((await failureOf(decompress(gzipSync(gzipSync(text)), encoding, megabyte))).kind).toBe('too_large');
});

test('no encoding, or one that does nothing, leaves the body as it is', async () => {
  expect(await decompress(text, '', 10)).toBe(text);
  expect(await decompress(text, 'identity', 10)).toBe(text);
});

test('an encoding we did not offer has drifted', async () => {
  expect((await failureOf(decompress(text, 'compress', megabyte))).kind).toBe('drifted');
});
