import { expect, test } from 'vitest';
import { inTurn } from '#scraper/turns.ts';

test('of many pieces of work one is done in each turn, so that others get theirs', async () => {
  const done: string[] = [];
  const others = setImmediate(function other() {
    done.push('other');
    if (done.length < 7) setImmediate(other);
  });
  await Promise.all(['one', 'two', 'three'].map((piece) => inTurn(() => void done.push(piece))));
  clearImmediate(others);
  const gaps = ['one', 'two', 'three'].map((piece) => done.indexOf(piece));
  expect(gaps).toEqual(gaps.toSorted((one, other) => one - other));
  expect(gaps[1]! - gaps[0]!).toBeGreaterThan(1);
  expect(gaps[2]! - gaps[1]!).toBeGreaterThan(1);
});

test('a piece that fails takes only itself with it', async () => {
  const failing = inTurn(() => {
    throw new Error('no');
  });
  const next = inTurn(() => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});
