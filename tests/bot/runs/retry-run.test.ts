import { describe, expect, it } from 'vitest';
import { decideRetry, type RetryQuestion } from '#bot/runs/retry-run.ts';
import { aBrokenJob, aChain, after, aJob, aPartialRun, aRetry, aRun } from '../../helpers/facts.ts';

const known = ['sportybet', 'bet9ja', 'betpawa', 'bringatrailer'];

function ask(chain: RetryQuestion['chain'], more: Partial<RetryQuestion> = {}) {
  return decideRetry({
    chain,
    runId: 1,
    platforms: [],
    pressed: false,
    known,
    terms: () => ({ maxAgeMs: 600_000, firstStep: 'discover', itemStep: 'extract' }),
    maxRunAgeDays: 7,
    now: after(60),
    ...more,
  });
}

const fromExtract = {
  platform: 'bet9ja',
  sourceJobId: 2,
  retryNumber: 1,
  fromStep: 'extract',
  kept: 31,
  total: 48,
  listAgeMs: null,
  keptWithinMs: null,
};

describe('deciding a retry', () => {
  it('takes all that failed when no platform is named, and only the missing items', () => {
    expect(ask(aChain(aPartialRun()))).toEqual({ kind: 'start', parts: [fromExtract], refused: [] });
  });

  it('starts anew when the items have grown too old to continue', () => {
    expect(ask(aChain(aPartialRun()), { now: after(601) })).toEqual({
      kind: 'start',
      parts: [{ ...fromExtract, fromStep: 'discover', kept: 0, total: null, listAgeMs: 601_000 }],
      refused: [],
    });
  });

  it('looks for items again when the list of them was never whole, and keeps what is stored', () => {
    expect(ask(aChain(aPartialRun({ discovered: false })))).toEqual({
      kind: 'start',
      parts: [{ ...fromExtract, fromStep: 'discover', total: null }],
      refused: [],
    });
  });

  it('takes up a later step alone when only that has something left, however old the list is', () => {
    const images = { step: 'images', total: 50, stored: 14, failed: 3 };
    const job = { itemsDone: 48, itemsFailed: 0, discoveredAt: null, further: [images] };
    expect(ask(aChain(aPartialRun(job)), { now: after(601) })).toEqual({
      kind: 'start',
      parts: [{ ...fromExtract, fromStep: 'images', kept: 14, total: 50, further: [] }],
      refused: [],
    });
  });

  it('says what later steps keep when an earlier one has something left', () => {
    const further = [
      { step: 'images', total: 50, stored: 14, failed: 3 },
      { step: 'papers', total: 2, stored: 2, failed: 0 },
    ];
    expect(ask(aChain(aPartialRun({ further })))).toMatchObject({
      parts: [{ ...fromExtract, further: [{ step: 'images', kept: 14, total: 50 }] }],
    });
  });

  it('counts a platform that never reported as failed', () => {
    const run = aRun({ status: 'cancelled', jobs: [aJob({ status: 'cancelled', itemsTotal: 0 })] });
    expect(ask(aChain(run))).toMatchObject({ kind: 'start', parts: [{ platform: 'sportybet', fromStep: 'discover' }] });
  });

  it('does not count a retry that was cancelled: the next one has its number, and keeps what it stored', () => {
    const cancelled = { status: 'cancelled', itemsDone: 5, failureKind: 'cancelled', discoveredAt: after(0) } as const;
    for (const retryNumber of [1, 3]) {
      expect(ask(aChain(aPartialRun(), aRetry({ ...cancelled, retryNumber })))).toEqual({
        kind: 'start',
        parts: [{ ...fromExtract, sourceJobId: 4, retryNumber, kept: 36 }],
        refused: [],
      });
    }
  });

  it('continues from the newest result of the chain, counting on', () => {
    const failedAgain = aRetry({ status: 'partial', itemsDone: 5, failureKind: 'blocked', discoveredAt: after(0) });
    expect(ask(aChain(aPartialRun(), failedAgain))).toEqual({
      kind: 'start',
      parts: [{ ...fromExtract, sourceJobId: 4, retryNumber: 2, kept: 36 }],
      refused: [],
    });
  });

  it('retries the eligible of several platforms and names the others with their reason', () => {
    expect(ask(aChain(aPartialRun()), { platforms: ['sportybet', 'bet9ja', 'bet9ja'] })).toEqual({
      kind: 'start',
      parts: [fromExtract],
      refused: [{ kind: 'not_failed', platform: 'sportybet', run: 1 }],
    });
  });
});

describe('refusing a retry', () => {
  const refusals: [string, ReturnType<typeof ask>, unknown][] = [
    [
      'while the run is running',
      ask(aChain(aRun({ status: 'running', jobs: [aJob({ status: 'running' })] }))),
      { kind: 'still_running', run: 1, platform: null },
    ],
    [
      'while the platform is being scraped for the first time',
      ask(aChain(aRun({ status: 'running', jobs: [aJob({ status: 'running' })] })), { platforms: ['sportybet'] }),
      { kind: 'still_running', run: 1, platform: 'sportybet' },
    ],
    ['when nothing failed', ask(aChain(aRun())), { kind: 'nothing_failed', run: 1 }],
    [
      'when a retry has repaired it already',
      ask(aChain(aPartialRun(), aRetry()), { platforms: ['bet9ja'] }),
      { kind: 'not_failed', platform: 'bet9ja', run: 2 },
    ],
    [
      'for a platform that was not part of the run',
      ask(aChain(aPartialRun()), { platforms: ['bringatrailer'] }),
      { kind: 'not_in_run', platform: 'bringatrailer', run: 1, platforms: ['sportybet', 'bet9ja', 'betpawa'] },
    ],
    [
      'for a platform nobody knows',
      ask(aChain(aPartialRun()), { platforms: ['bet9a'] }),
      { kind: 'unknown_platform', platform: 'bet9a', known, nearest: 'bet9ja' },
    ],
    [
      'while somebody else is retrying it',
      ask(aChain(aPartialRun(), aRetry({ status: 'running' })), { platforms: ['bet9ja'] }),
      { kind: 'being_retried', platform: 'bet9ja', run: 2, by: 'Grace' },
    ],
    [
      'when three retries are used',
      ask(aChain(aPartialRun(), aRetry({ status: 'failed', retryNumber: 3, failureKind: 'blocked' }))),
      { kind: 'retries_used', platform: 'bet9ja', run: 1, limit: 3 },
    ],
    [
      'when the run is too old',
      ask(aChain(aPartialRun()), { now: after(8 * 86_400) }),
      { kind: 'too_old', run: 1, days: 8 },
    ],
    [
      'from a button whose result has been overtaken',
      ask(aChain(aPartialRun(), aRetry({ status: 'failed', failureKind: 'blocked' })), {
        platforms: ['bet9ja'],
        pressed: true,
      }),
      { kind: 'already_retried', platform: 'bet9ja', run: 1, by: 2 },
    ],
  ];
  for (const [when, decision, reason] of refusals) {
    it(`${when}, with its own reason`, () => {
      expect(decision).toEqual({ kind: 'refused', reasons: [reason] });
    });
  }

  it('does not hold back a platform that failed while others are still running', () => {
    const run = aRun({ status: 'running', jobs: [aJob({ status: 'running' }), aBrokenJob()] });
    expect(ask(aChain(run), { platforms: ['bet9ja'] })).toMatchObject({ kind: 'start' });
  });
});
