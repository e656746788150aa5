import { expect, test } from 'vitest';
import { fromWild, wellFormed, wellFormedJson } from '#scraper/well-formed.ts';

test('a NUL becomes a replacement character', () => {
  expect(wellFormed('a\0b')).toBe('a\uFFFDb');
});

test('a lone surrogate becomes a replacement character, a pair stays', () => {
  expect(wellFormed('a\ud83db 😀')).toBe('a\uFFFDb 😀');
});

test('control characters go, line ends and tabs stay', () => {
  expect(wellFormed('a\x01\x1b[31m\r\n\tb\x7f\x9b')).toBe('a[31m\n\tb');
});

test('text is cut by bytes but never inside a character', () => {
  expect(fromWild('x😀😀', 8)).toBe('x😀');
  expect(fromWild('x😀😀', 9)).toBe('x😀😀');
  expect(fromWild('ééé', 5)).toBe('éé');
});

test('a surrogate torn by an earlier cut does not get through', () => {
  expect(fromWild('ab😀'.slice(0, 3), 100)).toBe('ab\uFFFD');
});

const parsed = (text: string) => JSON.parse(wellFormedJson(text)) as unknown;

test('what escapes stand for in JSON is cleaned as text is, keys included', () => {
  const text = '{"a":[{"k\\u0000":"\\ud800 \\u0007\\u001b\\b\\f\\r\\u009b\\u007F"}],"n":1,"o":null}';
  expect(parsed(text)).toEqual({ a: [{ 'k\uFFFD': '\uFFFD ' }], n: 1, o: null });
});

test.each([
  ['\\ud83d\\ude00', '😀'],
  ['\\uD83D\\uDE00', '😀'],
  ['\\ud83d\\ud83d\\ude00', '\uFFFD😀'],
  ['\\ude00\\ud83d', '\uFFFD\uFFFD'],
  ['\\u0009\\u000a\\n\\t\\/\\"', '\t\n\n\t/"'],
  ['\\\\u0000\\u0000', '\\u0000\uFFFD'],
  ['\\\\\\u0000', '\\\uFFFD'],
  ['\\u00e9\\u00a0\\u0020\\b', 'é\u00A0 '],
])('of escapes only those go that must: %s', (text, value) => {
  expect(parsed(`"${text}"`)).toBe(value);
});

test('JSON without such escapes is left as it is', () => {
  const text = '{"a":"\\u00e9\\n"}';
  expect(wellFormedJson(text)).toBe(text);
});

test('a hostile key cannot become a prototype', () => {
  const cleaned = parsed('{"__proto__\\u0001":{"admin":true}}') as object;
  expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
  expect(Object.hasOwn(cleaned, '__proto__')).toBe(true);
});
