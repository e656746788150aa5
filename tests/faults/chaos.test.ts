/** Kills, freezes and crashes by chance, as `npm run chaos` makes them, and few enough for every change: docs/chaos.md. */
import { expect, it } from 'vitest';
import { runChaos } from '../chaos/run-chaos.ts';

it('twenty-five kills, freezes and a crashed database lose nothing, double nothing, and ping nobody', async () => {
  const { violations, kills, crashes, tally } = await runChaos({ kills: 25, seed: 25, say: () => {} });
  expect(violations).toEqual([]);
  expect({ kills, crashes }).toEqual({ kills: 25, crashes: 2 });
  // Something happened, and some of it more than once: what was killed was taken up again.
  expect(tally.runs).toBeGreaterThan(3);
  expect(tally.holds).toBeGreaterThan(tally.jobs);
}, 480_000);
