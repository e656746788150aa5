import { expect, test } from 'vitest';
import { decodeText } from '#scraper/decode-text.ts';

test('the charset of the header decides', () => {
  expect(decodeText(Buffer.from('café', 'latin1'), 'text/html; charset=ISO-8859-1')).toBe('café');
  expect(decodeText(Buffer.from('café', 'utf16le'), 'text/html; charset="utf-16le"')).toBe('café');
});

test('without one, a byte order mark decides and is not part of the text', () => {
  expect(decodeText(Buffer.from('\uFEFFcafé', 'utf16le'), 'text/html')).toBe('café');
  expect(decodeText(Buffer.from('\uFEFFcafé', 'utf16le').swap16(), 'text/html')).toBe('café');
  expect(decodeText(Buffer.from('\uFEFFcafé'), 'text/html')).toBe('café');
});

test('everything else is UTF-8, an unknown charset included', () => {
  expect(decodeText(Buffer.from('café'), '')).toBe('café');
  expect(decodeText(Buffer.from('café'), 'text/html; charset=klingon')).toBe('café');
});

test('bytes that are no text of that charset become replacement characters, NUL included', () => {
  expect(decodeText(Buffer.from([0x61, 0xff, 0x00, 0x62]), 'text/plain; charset=utf-8')).toBe('a\uFFFD\uFFFDb');
});
