import { describe, expect, it } from 'vitest';
import type { HeldJob } from '#db/jobs.ts';
import { anIntent, aResult } from '../helpers/house.ts';
import { recordingSurface, type RecordingSurface } from '../helpers/recording-surface.ts';
import { toldHouse } from '../helpers/told-house.ts';

const { house, narrate } = await toldHouse();
const { jobs, runs } = house;

/** bet9ja is being scraped in run 1: it listed four things. */
async function aWorkingRun(surface: RecordingSurface): Promise<HeldJob> {
  narrate([surface]);
  await runs.start(anIntent(), ['bet9ja']);
  const job = await house.take('bet9ja');
  const seeds = ['a', 'b', 'c', 'd'].map((key) => ({ key, priority: 0, payload: {} }));
  await jobs.seed(job, 'extract', seeds, 600_000);
  return job;
}

async function work(job: HeldJob, ...keys: string[]): Promise<void> {
  await jobs.settle(
    job,
    'extract',
    keys.map((key) => ({ key, outcome: 'done', records: [] })),
  );
}

function lineOf(surface: RecordingSurface, name: string): string | undefined {
  return surface.delivered.find((one) => one.name === name)?.message.lines[0]?.text;
}

describe('the card of a run that works', () => {
  it('shows how far each platform is, and is the same message from the first second to the end', async () => {
    const surface = recordingSurface('console');
    const job = await aWorkingRun(surface);
    await work(job, 'a');
    await expect.poll(() => lineOf(surface, '1/card')).toMatch(/^1 of 4 events · /);
    await work(job, 'b', 'c');
    await expect.poll(() => lineOf(surface, '1/card')).toMatch(/^3 of 4 events · /);
    await work(job, 'd');
    await jobs.endAttempt(job, aResult('completed'));
    await expect.poll(() => lineOf(surface, '1/card')).toMatch(/^4 events · /);
    expect(surface.delivered.filter((one) => one.name === '1/card')).toHaveLength(1);
  });

  it('tells mere progress no more often than the surface takes it, and the end at once', async () => {
    const surface = { ...recordingSurface('console'), progressGap: () => 3_600_000 };
    const job = await aWorkingRun(surface);
    await expect.poll(() => lineOf(surface, '1/card')).toMatch(/^0 of 4 events · |^looking for/);
    const before = lineOf(surface, '1/card');
    await work(job, 'a', 'b');
    // Chains are told in turn: when this one stands, the other has been looked at again.
    await runs.start(anIntent(), ['sportybet']);
    await expect.poll(() => lineOf(surface, '2/card')).toBe('waiting for its turn');
    expect(lineOf(surface, '1/card')).toBe(before);
    await work(job, 'c', 'd');
    await jobs.endAttempt(job, aResult('completed'));
    await expect.poll(() => lineOf(surface, '1/card')).toMatch(/^4 events · /);
  });
});
