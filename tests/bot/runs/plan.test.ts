import { describe, expect, it } from 'vitest';
import { nearest } from '#bot/runs/nearest.ts';
import { planRun } from '#bot/runs/plan.ts';

const known = ['sportybet', 'bet9ja', 'betpawa'];

describe('planning a run', () => {
  it('takes every platform when none is named', () => {
    expect(planRun([], known)).toEqual({ kind: 'start', platforms: known });
  });

  it('takes each named platform once, in the order of the house', () => {
    expect(planRun(['betpawa', 'sportybet', 'betpawa'], known)).toEqual({
      kind: 'start',
      platforms: ['sportybet', 'betpawa'],
    });
  });

  it('refuses a platform it does not know and says which one was probably meant', () => {
    expect(planRun(['sportybet', 'bet9a'], known)).toEqual({
      kind: 'refused',
      reason: { kind: 'unknown_platform', platform: 'bet9a', known, nearest: 'bet9ja' },
    });
  });

  it('refuses to start nothing', () => {
    expect(planRun([], [])).toEqual({ kind: 'refused', reason: { kind: 'no_platforms' } });
  });
});

describe('near misses', () => {
  const cases: [string, string | null][] = [
    ['bet9aj', 'bet9ja'],
    ['sporty', 'sportybet'],
    ['BETPAWA', 'betpawa'],
    ['betking', null],
    ['x', null],
    ["A';drop table runs", null],
  ];
  for (const [typed, meant] of cases) {
    it(`"${typed}" ${meant === null ? 'is near nothing' : `means ${meant}`}`, () => {
      expect(nearest(typed, known)).toBe(meant);
    });
  }
});
