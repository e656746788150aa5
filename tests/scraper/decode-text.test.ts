import { expect, test } from 'vitest';
import { decodeText } from '#scraper/decode-text.ts';
import { failureOf } from './open-http.ts';

test('the charset of the header decides', () => {
  expect(decodeText(Buffer.from('café', 'latin1'), 'text/html; charset=ISO-8859-1')).toBe('café');
  expect(decodeText(Buffer.from('café', 'utf16le'), 'text/html; charset="utf-16le"')).toBe('café');
});

test('a byte order mark knows better, and is not part of the text', () => {
  expect(decodeText(Buffer.from('\uFEFFcafé', 'utf16le'), 'text/html')).toBe('café');
  expect(decodeText(Buffer.from('\uFEFFcafé', 'utf16le').swap16(), 'text/html')).toBe('café');
  expect(decodeText(Buffer.from('\uFEFFcafé'), 'text/html')).toBe('café');
  expect(decodeText(Buffer.from('\uFEFFcafé', 'utf16le'), 'text/html; charset=utf-8')).toBe('café');
  expect(decodeText(Buffer.from('\uFEFFcafé'), 'text/html; charset=latin1')).toBe('café');
});

test.each([
  '<meta charset=iso-8859-1>',
  "<html><head><META  CHARSET='windows-1252' />",
  '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">',
])('without a header the page may say it: %s', (tag) => {
  const page = Buffer.from(`${tag}café`, 'latin1');
  expect(decodeText(page, 'text/html')).toBe(`${tag}café`);
  expect(decodeText(page, 'text/html; charset=windows-1250')).toBe(`${tag}café`);
});

test.each([
  ['text/html', `${' '.repeat(1100)}<meta charset=utf-16le>`],
  ['text/html', '<p>charset=utf-16le</p>'],
  ['application/json', '"<meta charset=utf-16le>"'],
])('of %s it may not be said just anywhere: %j', (type, text) => {
  expect(decodeText(Buffer.from(text), type)).toBe(text);
});

test('everything else is UTF-8, an unknown charset included', () => {
  expect(decodeText(Buffer.from('café'), '')).toBe('café');
  expect(decodeText(Buffer.from('café'), 'text/html; charset=klingon')).toBe('café');
});

test('a byte now and then that is no text becomes a replacement character, NUL included', () => {
  const bytes = Buffer.concat([Buffer.from([0x61, 0xff, 0x00]), Buffer.from('b'.repeat(200))]);
  expect(decodeText(bytes, 'text/plain; charset=utf-8')).toBe(`a\uFFFD\uFFFD${'b'.repeat(200)}`);
});

test.each([
  ['application/json', Buffer.from('{"home":"Malmö FF","away":"Ängelholm"}', 'latin1'), 'the text is not utf-8'],
  ['application/json', Buffer.from('{"home":"A"}', 'utf16le'), 'the text is not utf-8'],
  ['text/html; charset=klingon', Buffer.from([0x80, 0x81, 0x82]), 'the text is not klingon'],
])('text that is not what it claims has drifted: %s', async (type, bytes, detail) => {
  const failure = await failureOf((async () => decodeText(bytes, type))());
  expect([failure.kind, failure.message]).toEqual(['drifted', detail]);
});
