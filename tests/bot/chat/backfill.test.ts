/** What is said of backfills; the golden texts are reviewed as wording. */
import { describe, expect, it } from 'vitest';
import { backfillAnswer } from '#bot/chat/backfill-answers.ts';
import { retryRefusal } from '#bot/chat/retry-refusals.ts';
import type { JobFacts } from '#db/run-facts.ts';
import { after, aChain, aJob, aRetry, aRun, aTelling } from '../../helpers/facts.ts';
import { answers, conversation, golden } from '../../helpers/conversation.ts';

const telling = aTelling({
  platform: () => ({
    noun: { one: 'listing', many: 'listings' },
    nouns: { images: { one: 'image', many: 'images' } },
    terms: { maxAgeMs: 86_400_000, firstStep: 'discover', itemStep: 'extract' },
    backfills: ['images', 'vin'],
  }),
});
const platform = 'bringatrailer';

function ofImages(given: Partial<JobFacts> = {}, batch: object = {}, left: number | null = 23): JobFacts {
  return aJob({
    platform,
    fromStep: 'images',
    itemStep: 'images',
    itemsTotal: 50,
    itemsDone: 50,
    backfill: { what: 'images', left, batch: { listings: 25, succeeded: 25, without: 0, failed: 0, ...batch } },
    ...given,
  });
}

const failures = [
  {
    kind: 'unreachable' as const,
    headline: 'bringatrailer did not answer properly (connection, time-out or server error)',
    detail: 'GET /wp-content/uploads/2026/11/lot-7-1.png answered 503',
    step: 'images',
    count: 5,
  },
];
const broken = (given: Partial<JobFacts> = {}, left: number | null = 44) =>
  ofImages(
    { status: 'partial', itemsDone: 8, itemsFailed: 5, failureKind: 'unreachable', failures, ...given },
    { succeeded: 4, failed: 5 },
    left,
  );

describe('a backfill is told', () => {
  it('from its first second to its end', async () => {
    const pending = aRun({
      status: 'pending',
      jobs: [ofImages({ status: 'pending', itemsDone: 0, startedAt: null }, { succeeded: 0 }, null)],
    });
    const running = aRun({
      status: 'running',
      jobs: [ofImages({ status: 'running', itemsDone: 26 }, { succeeded: 12, failed: 1 }, null)],
    });
    const done = aRun({ jobs: [ofImages()] });
    const last = aRun({ jobs: [ofImages({ itemsGone: 2 }, { succeeded: 24, without: 1 }, 0)] });
    const said = [pending, running, done, last].map((run) => conversation(aChain(run), telling)).join('\n');
    await expect(said).toMatchFileSnapshot(golden('backfill'));
  });

  it('when it broke, was retried, or was cancelled', async () => {
    const run = aRun({ status: 'partial', jobs: [broken()] });
    const retry = aRetry({
      ...ofImages({}, {}, 23),
      id: 4,
      runId: 2,
      retryNumber: 1,
      itemsKept: 8,
      itemsDone: 42,
    });
    const by = { surface: 'discord', id: '77', name: 'Grace' };
    const cancelled = aRun({
      status: 'cancelled',
      cancelledBy: by,
      jobs: [ofImages({ status: 'cancelled', itemsDone: 7, failureKind: 'cancelled' }, { succeeded: 3 }, null)],
    });
    const mentioned = aTelling({ ...telling, courtesies: { mentionStarter: true, onSuccess: 'thread' } });
    const said = [
      conversation(aChain(run), mentioned),
      conversation(aChain(run, retry), telling),
      conversation(aChain(cancelled), telling),
    ];
    await expect(said.join('\n')).toMatchFileSnapshot(golden('backfill-broken'));
  });

  it('of a field, with the pages that do not say it', async () => {
    const ofField = (left: number) =>
      aJob({
        platform,
        fromStep: 'reread',
        itemStep: 'reread',
        itemsTotal: 12,
        itemsDone: 12,
        itemsGone: 3,
        backfill: { what: 'vin', left, batch: { listings: 12, succeeded: 9, without: 3, failed: 0 } },
      });
    const said = [1, 0].map((left) => conversation(aChain(aRun({ jobs: [ofField(left)] })), telling)).join('\n');
    await expect(said).toMatchFileSnapshot(golden('backfill-field'));
  });

  it('in answers and refusals', async () => {
    const started = { kind: 'started' as const, runId: 7, platform };
    const known = ['images', 'vin', 'mileage'];
    const said = answers([
      backfillAnswer({ ...started, what: 'images', listings: 25, items: 50, more: 23 }, telling),
      backfillAnswer({ ...started, what: 'vin', listings: 1, items: 1, more: 0 }, telling),
      ...[
        { kind: 'no_backfills' as const, platform: 'bet9ja', others: [platform] },
        { kind: 'unknown_backfill' as const, platform, what: 'milage', known, nearest: 'mileage' },
        { kind: 'unknown_backfill' as const, platform, what: '', known, nearest: null },
        { kind: 'backfill_open' as const, platform, run: 7 },
        { kind: 'nothing_lacks' as const, platform, what: 'images' },
        { kind: 'nothing_lacks' as const, platform, what: 'vin' },
      ].map((reason) => backfillAnswer({ kind: 'refused', reason }, telling)),
    ]);
    const retries = [
      retryRefusal({ kind: 'retries_used', platform, run: 7, limit: 3, backfill: 'images' }),
      retryRefusal({ kind: 'too_old', run: 7, days: 9, backfill: { platform, what: 'vin' } }),
    ];
    await expect(`${said}${retries.join('\n')}\n`).toMatchFileSnapshot(golden('backfill-answers'));
  });
});

it('a backfill that is too old to retry, or used its retries, says which command begins anew', () => {
  const late = { ...telling, now: after(9 * 86_400) };
  expect(conversation(aChain(aRun({ status: 'partial', jobs: [broken()] })), late)).toContain(
    'Too old to retry: /scrape backfill bringatrailer images starts anew',
  );
});
