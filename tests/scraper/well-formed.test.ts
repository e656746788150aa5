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

test('strings and keys deep inside JSON are cleaned in place', () => {
  const value = JSON.parse('{"a":[{"k\\u0000":"\\ud800 \\u0007"}],"n":1,"o":null}') as unknown;
  expect(wellFormedJson(value)).toEqual({ a: [{ 'k\uFFFD': '\uFFFD ' }], n: 1, o: null });
});

test('a million nested lists neither overflow the stack nor hide a NUL', () => {
  let value: unknown = 'A\0';
  for (let level = 0; level < 1_000_000; level += 1) value = [value];
  value = wellFormedJson(value);
  for (let level = 0; level < 1_000_000; level += 1) value = (value as unknown[])[0];
  expect(value).toBe('A\uFFFD');
});

test('a hostile key cannot become a prototype', () => {
  const cleaned = wellFormedJson(JSON.parse('{"__proto__\\u0001":{"admin":true}}')) as object;
  expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
  expect(Object.hasOwn(cleaned, '__proto__')).toBe(true);
});
