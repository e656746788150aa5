import { describe, expect, it } from 'vitest';
import type { BreakerHistory, PlatformHistory, RunRow } from '#db/history.ts';
import { underWay, verdict } from '../../status-page/src/lib/verdict.ts';

const noon = new Date('2026-11-23T12:00:00Z');
const later = new Date('2026-11-23T14:03:20Z');

function platform(name: string, given: Partial<PlatformHistory> = {}): PlatformHistory {
  return {
    platform: name,
    status: 'completed',
    runId: 1,
    finishedAt: later,
    failureKind: null,
    items: 48,
    itemsTotal: 48,
    lastGoodRunId: 1,
    lastGoodAt: later,
    accepted: false,
    good: true,
    sinceRunId: 1,
    sinceAt: later,
    ...given,
  };
}

function run(given: Partial<RunRow> = {}): RunRow {
  return {
    id: 1,
    status: 'completed',
    trigger: 'slack',
    retryOf: null,
    rootId: 1,
    rescrapeOf: null,
    backfill: null,
    platforms: ['sportybet', 'bet9ja'],
    surface: 'slack',
    createdAt: noon,
    startedAt: noon,
    finishedAt: later,
    jobs: [],
    chain: [1],
    ...given,
  };
}

function leftAlone(name: string, sinceAt = noon): BreakerHistory {
  const until = { untilAt: later, failures: 5, failingSinceAt: noon };
  return { platform: name, sinceAt, ...until, failureKind: 'blocked', runId: 1, probes: 0 };
}

function said(platforms: PlatformHistory[], runs = [run()], breakers: BreakerHistory[] = []): string {
  const { shape, parts } = verdict(platforms, runs, breakers);
  return `${shape}: ${parts.map((part) => (typeof part === 'string' ? part : part.toISOString().slice(11, 16))).join('')}`;
}

describe('the line on top', () => {
  const good = [platform('sportybet'), platform('bet9ja'), platform('betpawa')];
  const [sportybet, bet9ja, betpawa] = good as [PlatformHistory, PlatformHistory, PlatformHistory];
  const as = (one: PlatformHistory, status: PlatformHistory['status'], finishedAt = later) => ({
    ...one,
    status,
    finishedAt,
    sinceAt: finishedAt,
  });

  it.each([
    ['nothing has run', [], [], 'pending: No run yet: type /scrape now'],
    [
      'the first run is under way',
      [],
      [run({ status: 'running', finishedAt: null })],
      'running: The first run is under way',
    ],
    ['all delivered within a minute', good, undefined, 'done: All three platforms delivered at 14:03'],
    [
      'all delivered',
      [as(sportybet, 'completed', noon), bet9ja],
      undefined,
      'done: Both platforms delivered, the last at 14:03',
    ],
    ['there is one platform', [sportybet], undefined, 'done: sportybet delivered at 14:03'],
    [
      'one of three failed',
      [sportybet, as(bet9ja, 'failed'), betpawa],
      undefined,
      'part: bet9ja fails since 14:03; the others are fine',
    ],
    [
      'one of two failed',
      [sportybet, as(bet9ja, 'failed')],
      undefined,
      'part: bet9ja fails since 14:03; sportybet is fine',
    ],
    [
      'one delivered a part',
      [sportybet, as(bet9ja, 'partial'), betpawa],
      undefined,
      'part: bet9ja delivers only a part since 14:03; the others are fine',
    ],
    [
      'two failed',
      [as(sportybet, 'failed', noon), as(bet9ja, 'failed'), betpawa],
      undefined,
      'part: sportybet and bet9ja fail, the first since 12:00; betpawa is fine',
    ],
    [
      'they broke in different ways',
      [as(sportybet, 'failed'), as(bet9ja, 'partial'), betpawa],
      undefined,
      'part: sportybet fails and bet9ja delivers only a part; betpawa is fine',
    ],
    [
      'all failed',
      [as(sportybet, 'failed'), as(bet9ja, 'failed'), as(betpawa, 'failed')],
      undefined,
      'failed: All three platforms fail since 14:03',
    ],
    [
      'some were not started',
      [sportybet, as(bet9ja, 'skipped'), as(betpawa, 'skipped')],
      undefined,
      'part: bet9ja and betpawa were not started at 14:03; sportybet is fine',
    ],
    [
      'all were cancelled',
      [as(sportybet, 'cancelled'), as(bet9ja, 'cancelled')],
      undefined,
      'cancelled: Both platforms were cancelled at 14:03',
    ],
  ] as const)('when %s', (_, platforms, runs, expected) => {
    expect(said([...platforms], runs === undefined ? undefined : [...runs])).toBe(expected);
  });

  it('says who is left alone, whatever its newest job was: skipped since, or the last that failed', () => {
    const [alone, failed] = [as(bet9ja, 'skipped'), as(sportybet, 'failed')];
    const breakers = [leftAlone('bet9ja')];
    expect(said([sportybet, alone, betpawa], undefined, breakers)).toBe(
      'part: bet9ja is left alone since 12:00; the others are fine',
    );
    expect(said([failed, alone, betpawa], undefined, breakers)).toBe(
      'part: sportybet fails and bet9ja is left alone; betpawa is fine',
    );
    expect(said([failed, alone], undefined, [...breakers, leftAlone('sportybet', later)])).toBe(
      'failed: Both platforms are left alone, the first since 12:00',
    );
    expect(said([bet9ja], undefined, breakers)).toBe('done: bet9ja delivered at 14:03');
  });

  it('says which runs are under way, and that a retry is one', () => {
    const open = run({ id: 7, status: 'running', finishedAt: null });
    const retry = run({ id: 8, status: 'running', finishedAt: null, retryOf: 1, rootId: 1, platforms: ['bet9ja'] });
    expect(underWay([retry, open, run()])).toEqual([
      { run: 8, text: ' is retrying bet9ja', since: noon },
      { run: 7, text: ' is scraping sportybet and bet9ja', since: noon },
    ]);
    const backfill = { ...open, backfill: 'images', platforms: ['bringatrailer'] };
    expect(underWay([backfill, { ...backfill, startedAt: null }]).map(({ text }) => text)).toEqual([
      ' is backfilling images of bringatrailer',
      ' is about to backfill images of bringatrailer',
    ]);
  });
});
