import { expect, it } from 'vitest';
import { waitAskedFor } from '#bot/chat/wait-asked-for.ts';

it.each([
  [7, 7_000],
  [0.0001, 1],
  [0, 0],
  [-1, 0],
  [Number('soon'), 0],
  [3_601, 3_600_000],
  [99_999_999, 3_600_000],
  [Infinity, 3_600_000],
  [-Infinity, 0],
])('a service that asks for %d seconds is left alone for %d ms', (seconds, ms) => {
  expect(waitAskedFor(seconds)).toBe(ms);
});
