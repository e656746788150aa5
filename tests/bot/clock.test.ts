import { afterEach, describe, expect, it } from 'vitest';
import { isWrong } from '#bot/clock.ts';
import { clockWords } from '#bot/chat/clock-words.ts';
import { correctClock, systemClock } from '#scraper/clock.ts';

afterEach(() => correctClock(0));

describe('a clock that is compared with that of the database', () => {
  it.each([
    [0, 1, false],
    [29_000, 1, false],
    [-31_000, 1, true],
    [31_000, 1, true],
    // The answer took a minute: nobody knows when in it the time was read.
    [31_000, 30_000, false],
  ])('%i ms ahead, give or take %i: wrong is %s', (aheadMs, withinMs, wrong) => {
    expect(isWrong({ aheadMs, withinMs })).toBe(wrong);
  });

  it('is described in words', () => {
    expect([300_000, -40_000, 7_200_000].map(clockWords)).toEqual([
      "5 min ahead of the database's",
      "40 s behind the database's",
      "2 h ahead of the database's",
    ]);
  });
});

it('the scraper waits by the right time where the machine is wrong', () => {
  correctClock(300_000);
  expect(Math.abs(systemClock.now() - (Date.now() - 300_000))).toBeLessThan(60_000);
});
