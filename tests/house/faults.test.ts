/** docs/faults.md promises tests: each of them is there, and no fault is left out. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const tests = join(import.meta.dirname, '..');
const page = readFileSync(join(tests, '../docs/faults.md'), 'utf8');

/** How many faults of each kind there are. */
const kinds = { P: 12, D: 11, Q: 5, S: 6, C: 13, T: 12, U: 6, H: 7, W: 4, O: 3 };

interface Row {
  id: string;
  /** Files below tests/, with words of a title; without words, the title begins with the id. */
  shownBy: { file: string; words: string }[];
}

const rows: Row[] = page.split('\n').flatMap((line) => {
  const [, id = '', , , shown = ''] = line.split('|').map((cell) => cell.trim());
  if (!/^[A-Z]\d+$/.test(id)) return [];
  const named = [...shown.matchAll(/`([\w/-]+)`([^`;]*)/g)];
  return [{ id, shownBy: named.map(([, file = '', words = '']) => ({ file, words: words.trim() })) }];
});

/** The text of a test file, or of a contract. */
function textOf(file: string): string {
  const path = [`${file}.test.ts`, `${file}.ts`].map((name) => join(tests, name)).find((one) => existsSync(one));
  return path === undefined ? '' : readFileSync(path, 'utf8');
}

describe('the page of faults', () => {
  test('has each fault once', () => {
    const all = Object.entries(kinds).flatMap(([kind, count]) =>
      Array.from({ length: count }, (_, index) => `${kind}${index + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(all);
  });

  test.each(rows)('names tests of $id that there are', ({ id, shownBy }) => {
    expect(shownBy).not.toEqual([]);
    for (const { file, words } of shownBy) {
      const found =
        words === ''
          ? new RegExp(`(it|test|describe)[^\\n]*\\(\\s*'${id} `).test(textOf(file))
          : textOf(file).includes(words);
      expect(found, `${file} ${words}`).toBe(true);
    }
  });
});
