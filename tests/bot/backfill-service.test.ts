/** Backfills over a real database: what a batch takes, what it leaves alone, and what it comes to. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readChain } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { keepAnswer } from '#db/evidence.ts';
import type { HeldJob } from '#db/jobs.ts';
import { goodDeliveries } from '#db/deliveries.ts';
import { storeRecords } from '#db/records.ts';
import type { ItemResult } from '#scraper/index.ts';
import { decideRetry } from '#bot/runs/retry-run.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';
import { aListing } from '../helpers/listings.ts';

const { url } = await testDatabase();
const house = await openHouse(url, {
  expected: { noun: { one: 'thing', many: 'things' }, minItems: 10, minOfUsual: 0.5, fields: { make: 1 } },
});
const { db, jobs } = house;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyHouse(db);
  await db.execute(sql`truncate listings, mutes restart identity cascade`);
});

const platform = 'bet9ja';
const picture = (listing: number, number = 1) =>
  `https://bringatrailer.com/wp-content/uploads/${listing}-${number}.jpg`;
const lots = (count: number) =>
  storeRecords(
    db,
    Array.from({ length: count }, (_, index) => {
      const imageUrls = [picture(index + 1, 1), picture(index + 1, 2)];
      return aListing({ platform, listingId: String(index + 1), imageUrls, status: 'live', endsAt: null });
    }),
  );

const start = (what: string, listings: number | null = null) =>
  house.backfill(anIntent(), { platform, what, listings });

function brought(key: string): ItemResult {
  const file = { sha256: 'ab', path: 'ab/ab.jpg', bytes: 3, type: 'image/jpeg' };
  return { key, outcome: 'done', records: [{ kind: 'image', platform, url: key, ...file }] };
}

const refusing = (key: string): ItemResult => ({
  key,
  outcome: 'failed',
  failure: aFailure(platform, 'unreachable', { step: 'images' }),
});
const vanished = (key: string): ItemResult => ({
  key,
  outcome: 'gone',
  failure: aFailure(platform, 'not_found', { step: 'images' }),
});

/** Takes the job of a batch, tells what becomes of each item, and ends it. */
async function work(becomes: (key: string) => ItemResult | null): Promise<HeldJob> {
  const job = await house.take(platform);
  const keys = (await jobs.pending(job, job.itemStep)).map(({ key }) => key);
  const results = keys.flatMap((key) => becomes(key) ?? []);
  await jobs.settle(job, job.itemStep, results);
  const failure = results.find((result) => result.outcome === 'failed')?.failure ?? null;
  await jobs.endAttempt(job, aResult(failure === null ? 'completed' : 'partial', failure));
  return job;
}

const factsOf = async (run: number) => (await readChain(db, run))?.runs[0].jobs[0];

describe('a backfill of images', () => {
  it('brings what runs left out in batches, each another one, and says how many are left', async () => {
    await lots(5);
    expect(await start('images', 3)).toEqual({
      kind: 'started',
      runId: 1,
      platform,
      what: 'images',
      listings: 3,
      items: 6,
      more: 2,
    });
    await work(brought);
    expect(await factsOf(1)).toMatchObject({
      status: 'completed',
      backfill: { what: 'images', left: 2, batch: { listings: 3, succeeded: 3, without: 0, failed: 0 } },
    });
    expect(await start('images', 3)).toMatchObject({ runId: 2, listings: 2, items: 4, more: 0 });
    const second = await work(brought);
    expect(await factsOf(2)).toMatchObject({ backfill: { left: 0 } });
    const asked = await db.execute(sql`select key from work_items where job_id = ${second.id} order by key`);
    expect([...asked]).toEqual([4, 5].flatMap((n) => [{ key: picture(n, 1) }, { key: picture(n, 2) }]));
  });

  it('goes on when something fails: each listing counts as succeeded, failed, or without any', async () => {
    await lots(4);
    await start('images');
    await work((key) => {
      if (key === picture(2, 1)) return refusing(key);
      if (key.includes('/3-')) return vanished(key);
      return key.includes('/4-') ? null : brought(key);
    });
    expect(await factsOf(1)).toMatchObject({
      status: 'partial',
      itemsTotal: 8,
      backfill: { left: 2, batch: { listings: 4, succeeded: 1, without: 1, failed: 1 } },
    });
  });

  it('is retried for just the rest, and the chain counts the whole batch', async () => {
    await lots(3);
    await start('images');
    await work((key) => (key === picture(2, 2) ? refusing(key) : brought(key)));
    const answer = await house.runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    expect(answer).toMatchObject({
      kind: 'started',
      runId: 2,
      parts: [{ platform, fromStep: 'images', kept: 5, total: 6 }],
    });
    const job = await house.take(platform);
    expect(job).toMatchObject({ backfill: 'images', itemStep: 'images', discovered: true });
    expect((await jobs.pending(job, 'images')).map(({ key }) => key)).toEqual([picture(2, 2)]);
    await jobs.settle(job, 'images', [brought(picture(2, 2))]);
    await jobs.endAttempt(job, aResult('completed'));
    const chain = await readChain(db, 1);
    expect(chain?.runs[1]?.jobs[0]).toMatchObject({
      status: 'completed',
      itemsTotal: 6,
      backfill: { left: 0, batch: { listings: 3, succeeded: 3, without: 0, failed: 0 } },
    });
    expect(chain?.runs[0].jobs[0]).toMatchObject({ backfill: { batch: { succeeded: 2, failed: 1 } } });
  });

  it('says which command begins anew once its retries are used or it is too old', async () => {
    await lots(1);
    await start('images');
    await work(refusing);
    const chain = await readChain(db, 1);
    if (chain === null) throw new Error('run 1 is missing');
    const days = 86_400_000;
    const now = new Date(Date.now() + 9 * days);
    const terms = () => ({ maxAgeMs: days, firstStep: 'discover', itemStep: 'extract' });
    const question = {
      chain,
      runId: 1,
      platforms: [],
      pressed: false,
      known: [platform],
      terms,
      maxRunAgeDays: 7,
      now,
    };
    expect(decideRetry(question)).toMatchObject({
      reasons: [{ kind: 'too_old', backfill: { platform, what: 'images' } }],
    });
  });

  it('leaves images alone that another run brings in the meantime', async () => {
    await lots(2);
    await start('images');
    await storeRecords(db, []);
    await db.execute(sql`
      update listing_images set state = 'stored', path = 'ab', sha256 = 'ab', bytes = 1, type = 'image/jpeg'
      where url = ${picture(1, 1)}`);
    const job = await work(brought);
    const kept = await db.execute(sql`select key from work_items where job_id = ${job.id} and status = 'kept'`);
    expect([...kept]).toEqual([{ key: picture(1, 1) }]);
    expect(await factsOf(1)).toMatchObject({ itemsKept: 1, itemsDone: 3, backfill: { batch: { succeeded: 2 } } });
  });

  it('counts an image as failed no more that failed here and was brought by another run', async () => {
    await lots(1);
    await start('images');
    const job = await house.take(platform);
    await jobs.settle(job, 'images', [refusing(picture(1, 1)), brought(picture(1, 2))]);
    expect(await factsOf(1)).toMatchObject({ itemsKept: 0, itemsDone: 1, itemsFailed: 1 });
    await db.execute(sql`
      update listing_images set state = 'stored', path = 'ab', sha256 = 'ab', bytes = 1, type = 'image/jpeg'
      where url = ${picture(1, 1)}`);
    expect(await jobs.pending(job, 'images')).toEqual([]);
    await jobs.endAttempt(job, aResult('completed'));
    expect(await factsOf(1)).toMatchObject({ status: 'completed', itemsKept: 1, itemsDone: 1, itemsFailed: 0 });
  });

  it('is not begun beside another one, and as two at once only once', async () => {
    await lots(2);
    const answers = await Promise.all([start('images', 1), start('images', 1), start('vin')]);
    expect(answers.filter((answer) => answer.kind === 'started')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'refused')).toEqual([
      { kind: 'refused', reason: { kind: 'backfill_open', platform, run: 1 } },
      { kind: 'refused', reason: { kind: 'backfill_open', platform, run: 1 } },
    ]);
  });

  it('starts nothing where nothing lacks, and uses up no number', async () => {
    expect(await start('images')).toEqual({
      kind: 'refused',
      reason: { kind: 'nothing_lacks', platform, what: 'images' },
    });
    await house.runs.start(anIntent(), [platform]);
    expect(await readChain(db, 1)).not.toBeNull();
  });

  it('can be cancelled, and what is left is taken by the next', async () => {
    await lots(2);
    await start('images');
    await house.cancel(anIntent(), 1);
    expect(await factsOf(1)).toMatchObject({ status: 'cancelled', backfill: { left: null } });
    expect(await start('images')).toMatchObject({ kind: 'started', listings: 2 });
  });
});

describe('a backfill of a field', () => {
  it('reads kept pages again, and leaves the lot as it is when they do not say it', async () => {
    await storeRecords(db, [
      aListing({ platform, listingId: '1', vin: null, vinCheckDigitOk: null, status: 'live' }),
      aListing({ platform, listingId: '2', vin: null, vinCheckDigitOk: null, status: 'live' }),
    ]);
    await house.runs.start(anIntent(), [platform]);
    const scrape = await house.take(platform);
    for (const itemKey of ['1', '2']) {
      const at = new Date().toISOString();
      const page = {
        step: 'extract',
        itemKey,
        why: 'incomplete' as const,
        url: 'https://bringatrailer.com/listing/a/',
      };
      await keepAnswer(db, scrape, { ...page, body: Buffer.from('x'), bytes: 1, at });
    }
    await jobs.endAttempt(scrape, aResult('completed'));
    await start('vin');
    const fields = { vin: '9TMGT3453R1000001', vinCheckDigitOk: true };
    await work((key) =>
      key === '1'
        ? { key, outcome: 'done', records: [{ kind: 'fields', platform, listingId: key, fields }] }
        : vanished(key),
    );
    const rows = await db.execute(sql`select vin, status, settled from listings order by listing_id`);
    expect([...rows]).toEqual([
      { vin: '9TMGT3453R1000001', status: 'live', settled: false },
      { vin: null, status: 'live', settled: false },
    ]);
    expect(await factsOf(2)).toMatchObject({
      status: 'completed',
      backfill: { left: 0, batch: { listings: 2, succeeded: 1, without: 1, failed: 0 } },
    });
  });
});

describe('what is usual of a platform', () => {
  it('does not come from backfills: they are judged by nothing, count for nothing and end no mute', async () => {
    await lots(1);
    await house.mutes.mute(anIntent(), { platform, until: null, run: null });
    await start('images');
    await work(brought);
    expect(await factsOf(1)).toMatchObject({ status: 'completed', failureKind: null });
    expect(await goodDeliveries(db, platform, 7)).toEqual([]);
    const [counts] = await db.execute(sql`
      select (select count(*)::int from mutes where ended_at is null) as muted,
             (select count(*)::int from platform_days) as days, (select count(*)::int from platform_turns) as turns,
             (select count(*)::int from step_days) as steps, (select count(*)::int from chain_results) as results,
             (select count(*)::int from duration_days) as durations, (select completed from run_days) as runs,
             (select count(*)::int from status.platforms) as platforms`);
    expect(counts).toEqual({
      muted: 1,
      days: 0,
      turns: 0,
      steps: 0,
      results: 0,
      durations: 0,
      runs: 1,
      platforms: 0,
    });
  });
});
