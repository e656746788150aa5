import { describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { readNumbers } from '#db/numbers.ts';
import { testDatabase } from '../helpers/database.ts';
import { retriedChains } from '../helpers/retried-chains.ts';
import { runSql } from '../status-page/run-sql.ts';

const { database, db } = await testDatabase({ breaks: { all: 'its chains are written by hand, ended long ago' } });
// Three of four within the day, ten of twelve the week before, blocks that no retry fixes; and a backfill, a skipped and a
// cancelled job, which are none of all this.
await runSql(database, retriedChains({ chains: 4, fixed: 3, days: 0.5, firstRun: 1 }));
await runSql(database, retriedChains({ chains: 12, fixed: 10, days: 5, firstRun: 101 }));
await runSql(database, retriedChains({ chains: 2, fixed: 0, days: 40, firstRun: 201, kind: 'blocked' }));
await runSql(
  database,
  `insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by, finished_at)
   values (301, 'partial', 'slack', 'x', 301, '{bet9ja,betpawa,bringatrailer}', '{"surface":"slack","id":"U1","name":"Ada"}', now());
   insert into jobs (run_id, root_id, platform, status, from_step, failure_kind, backfill, started_at, finished_at) values
     (301, 301, 'bet9ja', 'skipped', 'discover', 'left_alone', null, null, now()),
     (301, 301, 'betpawa', 'cancelled', 'discover', null, null, now(), now()),
     (301, 301, 'bringatrailer', 'failed', 'images', 'blocked', 'images', now(), now())`,
);

describe('the numbers of a time', () => {
  it('count what ended in it, retries apart, without backfills and what was skipped or cancelled', async () => {
    const day = await readNumbers(db, '24h');
    const took = { p50: expect.closeTo(20_000, -3), p95: expect.closeTo(20_000, -3), p99: expect.closeTo(20_000, -3) };
    expect(day.platforms).toEqual([
      {
        platform: 'bet9ja',
        jobs: 4,
        good: 0,
        retries: 4,
        goodRetries: 3,
        tookMs: took,
        steps: [{ step: 'extract', ran: 8, good: 3 }],
      },
    ]);
    expect(day.failures).toEqual([{ platform: 'bet9ja', step: 'extract', kind: 'unreachable', jobs: 5, lastRun: 8 }]);
    expect(day.retries).toEqual([{ platform: 'bet9ja', step: 'extract', kind: 'unreachable', retries: 4, fixed: 3 }]);
  });

  it('come to the sum of the days, out of what is counted by day', async () => {
    const { platforms, retries } = await readNumbers(db, '30d');
    expect(platforms).toMatchObject([{ jobs: 16, retries: 16, goodRetries: 13 }]);
    expect(retries).toMatchObject([{ kind: 'unreachable', retries: 16, fixed: 13 }]);
    expect((await readNumbers(db, '90d')).retries).toMatchObject([
      { kind: 'unreachable', retries: 16, fixed: 13 },
      { kind: 'blocked', retries: 2, fixed: 0 },
    ]);
  });

  it('stand in views as well, for whoever asks in SQL', async () => {
    expect(
      await db.execute(
        sql`select kind, failures, jobs, retries, fixed, fixed_percent::float from failure_analysis order by 2 desc`,
      ),
    ).toEqual([
      { kind: 'unreachable', failures: 19, jobs: 19, retries: 16, fixed: 13, fixed_percent: 81.3 },
      { kind: 'blocked', failures: 4, jobs: 4, retries: 2, fixed: 0, fixed_percent: 0 },
    ]);
    expect(
      await db.execute(sql`select retries, fixed, fixed_by_first, fixed_percent::float from retry_success_daily
                           where kind = 'unreachable' order by day`),
    ).toEqual([
      { retries: 12, fixed: 10, fixed_by_first: 10, fixed_percent: 83.3 },
      { retries: 4, fixed: 3, fixed_by_first: 3, fixed_percent: 75 },
    ]);
    expect(await db.execute(sql`select step, ran, good from step_success_daily order by day desc limit 1`)).toEqual([
      { step: 'extract', ran: 8, good: 3 },
    ]);
  });

  it('of a day are found by an index, however long the history', async () => {
    const plan = await db.transaction(async (tx) => {
      await tx.execute(sql`set local enable_seqscan = off`);
      return tx.execute<Record<string, string>>(
        sql`explain select id from jobs where finished_at > now() - interval '24 hours'`,
      );
    });
    expect(JSON.stringify(plan)).toContain('jobs_by_end');
  });
});
