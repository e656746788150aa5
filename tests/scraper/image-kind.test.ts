import { expect, test } from 'vitest';
import { imageKind } from '#scraper/image-kind.ts';
import { lotImage } from '../demo-sites/lot-image.ts';

test.each([
  ['\xff\xd8\xff\xe0\x00\x10JFIF', 'image/jpeg', 'jpg'],
  ['GIF89a\x01\x00', 'image/gif', 'gif'],
  ['RIFF\x24\x00\x00\x00WEBPVP8 ', 'image/webp', 'webp'],
  ['\x00\x00\x00\x1cftypavif', 'image/avif', 'avif'],
  ['\x00\x00\x00\x18ftypheic', 'image/heic', 'heic'],
])('%j is %s', (head, type, extension) => {
  expect(imageKind(Buffer.from(head, 'latin1'))).toEqual({ type, extension });
});

test('a PNG is one', () => {
  expect(imageKind(lotImage('x'))).toEqual({ type: 'image/png', extension: 'png' });
});

test.each(['', '\xff\xd8', '<svg xmlns="…">', '%PDF-1.7', 'RIFF\x24\x00\x00\x00WAVE', '<!doctype html>'])(
  '%j is no image we keep',
  (head) => {
    expect(imageKind(Buffer.from(head, 'latin1'))).toBeNull();
  },
);
