import { describe, expect, it } from 'vitest';
import { retentionFaults } from '#bot/retention-settings.ts';
import { letGo, watchRetention } from '#bot/retention.ts';
import { createLog } from '#bot/log.ts';
import { openDatabase, type Database } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import { dropPriceChanges, dropRuns, dropWorkItems } from '#db/retention.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { aListing } from '../helpers/listings.ts';
import { anEvent, aPrice } from '../helpers/odds.ts';
import { retriedChains } from '../helpers/retried-chains.ts';
import { runSql } from '../status-page/run-sql.ts';

/** Chains written by hand, of which some are deleted while their days stay counted. */
const breaks = { all: 'its chains are written by hand, and deleted' };
const { database, db } = await testDatabase({ breaks });
const log = createLog('silent', 'test');
const retention = { workItemsDays: 90, priceChangesDays: 365, runsDays: 730 };

const items = `insert into work_items (job_id, step, key, payload, status)
  select j.id, 'extract', 'e' || n, '{}', 'done' from jobs j cross join generate_series(1, 30) n`;

/** What hangs on run 1, of every sort there is. */
const belongings = `
  insert into further_items (job_id, step) select min(id), 'images' from jobs;
  insert into kept_answers (job_id, platform, step, item_key, why, url, body, bytes, at)
    select min(id), 'bet9ja', 'extract', '', 'blocked', 'http://x/', 'x', 1, now() from jobs;
  insert into files (run_id, name, holds, platforms, rows, whole, actor) values (1, 'a.csv', 'missing', '{bet9ja}', 1, true, '{}');
  insert into posts (surface, channel, run_id, slot, state) values ('slack', 'C1', 1, 'card', 'sending');
  insert into actions (surface, id, actor, name, args, outcome, answer, run_id) values ('slack', 'a', '{}', 'now', '{}', 'started', '{}', 1);
  insert into mutes (platform, muted_by, ended_at, ended_run) values ('bet9ja', '{}', now() - interval '800 days', 1);
  insert into schedules (name, cron, zone) values ('hourly', '0 * * * *', 'UTC');
  insert into schedule_slots (schedule, slot, outcome, run_id) values ('hourly', now() - interval '800 days', 'run', 1),
    ('hourly', now(), 'skipped_missed', null);
  insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_run, next_probe_at, closed_at, closed_run)
    values ('bet9ja', 5, now(), 'blocked', 1, now(), now() - interval '800 days', 2);
  insert into common_causes (fingerprint, platforms, since, opened_run, opened_at, closed_at, closed_run)
    values ('proxy', '{bet9ja,betpawa}', now() - interval '800 days', 1, now() - interval '800 days', now() - interval '800 days', 2)`;

/** One match and one auction whose prices moved often, most of it long ago. */
async function movedPrices(of: Database): Promise<void> {
  await of.db.transaction((tx) => storeRecords(tx, [anEvent('1', [aPrice()]), aListing()]));
  await runSql(
    of,
    `insert into odds_changes (book_event_id, market, period, outcome, old_price, new_price, at)
     select b.id, '1x2', 'ft', 'home', 1.5, 1.6, now() - case when n <= 2500 then 400 else 10 end * interval '1 day'
     from book_events b, generate_series(1, 2570) n order by n;
     insert into listing_changes (listing, old_status, new_status, old_price, new_price, at)
     select l.id, 'live', 'live', n, n + 1, now() - case when n <= 30 then 400 else 10 end * interval '1 day'
     from listings l, generate_series(1, 50) n order by n`,
  );
}

async function count(of: Database, what: string): Promise<number> {
  const [row] = await of.db.execute<{ count: number }>(sql.raw(`select count(*)::int as count from ${what}`));
  return row?.count ?? -1;
}

async function days(of: Database): Promise<unknown> {
  return of.db.execute(sql`select (select json_agg(p order by day, platform) from platform_days p) as platforms,
    (select json_agg(p order by day) from run_days p) as runs, (select json_agg(p order by day, platform, status) from end_days p) as ends`);
}

/** Thirty old chains of bet9ja, then enough newer ones. */
async function oldChains(of: Database): Promise<void> {
  await runSql(of, retriedChains({ chains: 30, fixed: 20, days: 800, firstRun: 1 }));
  await runSql(of, retriedChains({ chains: 60, fixed: 40, days: 10, firstRun: 1001 }));
}

describe('retention', () => {
  it('deletes old chains with everything that belongs to them, and leaves every counted day as it is', async () => {
    await oldChains(database);
    await runSql(database, items);
    await runSql(database, belongings);
    const counted = await days(database);
    await letGo({ database, retention, log, batchMs: 0 }, new AbortController().signal);
    expect(await count(database, 'runs where id < 1000')).toBe(0);
    expect(await count(database, 'runs')).toBe(120);
    expect(await count(database, 'work_items')).toBe(120 * 30);
    for (const table of [
      'further_items',
      'kept_answers',
      'files',
      'posts',
      'actions',
      'mutes',
      'breaker_terms',
      'common_causes',
    ]) {
      expect([table, await count(database, table)]).toEqual([table, 0]);
    }
    expect(await count(database, 'schedule_slots')).toBe(1);
    expect(await days(database)).toEqual(counted);
  });

  it('leaves alone a chain with an unfinished child, an accepted result, an open breaker, a cause that lasts, or the newest slot of a schedule', async () => {
    await using scratch = await scratchDatabase({ breaks });
    await oldChains(scratch.database);
    await runSql(scratch.database, items);
    await runSql(
      scratch.database,
      `insert into runs (id, status, trigger, trigger_key, retry_of, root_id, platforms, requested_by)
       values (5000, 'running', 'retry:2', 'u', 2, 1, '{betpawa}', '{}');
       insert into jobs (run_id, root_id, platform, status, from_step) values (5000, 1, 'betpawa', 'pending', 'discover');
       insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_run, next_probe_at)
       values ('bet9ja', 5, now(), 'blocked', 3, now());
       insert into common_causes (fingerprint, platforms, since, opened_run) values ('proxy', '{bet9ja,betpawa}', now(), 7);
       insert into schedules (name, cron, zone) values ('hourly', '0 * * * *', 'UTC');
       insert into schedule_slots (schedule, slot, outcome, run_id) values ('hourly', now() - interval '800 days', 'run', 5);
       insert into acceptances (job_id, actor, why) select id, '{"surface":"slack","id":"U1","name":"Ada"}', 'ok'
       from jobs where run_id = 60`,
    );
    await letGo({ database: scratch.database, retention, log, batchMs: 0 }, new AbortController().signal);
    const left = await scratch.db.execute(sql`select id from runs where id < 1000 or id = 5000 order by id`);
    expect(left.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 59, 60, 5000]);
    // Of the unfinished chain the items stay as well; of the others they went with their time.
    const open = await scratch.db.execute(sql`select distinct j.root_id from work_items w join jobs j on j.id = w.job_id
                                              where j.root_id < 1000`);
    expect(open).toEqual([{ root_id: 1 }]);
  });

  it('leaves the newest jobs of a platform alone, however old they are', async () => {
    await using scratch = await scratchDatabase({ breaks });
    await runSql(scratch.database, retriedChains({ chains: 70, fixed: 70, days: 800, firstRun: 1 }));
    await letGo({ database: scratch.database, retention, log, batchMs: 0 }, new AbortController().signal);
    expect(await count(scratch.database, 'jobs')).toBe(100);
    await runSql(
      scratch.database,
      retriedChains({ chains: 15, fixed: 15, days: 900, firstRun: 1001, platform: 'betpawa' }),
    );
    await letGo({ database: scratch.database, retention, log, batchMs: 0 }, new AbortController().signal);
    expect(await count(scratch.database, `jobs where platform = 'betpawa'`)).toBe(30);
  });

  it('goes in small batches, on from where it came to, and keeps for ever what is set to 0', async () => {
    await using scratch = await scratchDatabase({ breaks });
    await oldChains(scratch.database);
    await runSql(scratch.database, items);
    const keeps = { workItemsDays: 0, priceChangesDays: 0, runsDays: 0 };
    await letGo({ database: scratch.database, retention: keeps, log, batchMs: 0 }, new AbortController().signal);
    expect(await count(scratch.database, 'work_items')).toBe(180 * 30);
    expect(await dropWorkItems(scratch.db, 90)).toBe(50 * 30);
    expect(await dropWorkItems(scratch.db, 90)).toBe(10 * 30);
    expect(await dropWorkItems(scratch.db, 90)).toBe(0);
    expect(await dropRuns(scratch.db, 730, 0)).toEqual({ dropped: 40, next: 39 });
    expect(await dropRuns(scratch.db, 730, 39)).toEqual({ dropped: 20, next: null });
  });

  it('deletes how prices moved, of matches and of auctions, in batches, and never the prices that hold', async () => {
    await using scratch = await scratchDatabase({ breaks });
    await movedPrices(scratch.database);
    expect(await dropPriceChanges(scratch.db, 365)).toBe(2_000 + 30);
    expect(await dropPriceChanges(scratch.db, 365)).toBe(500);
    expect(await dropPriceChanges(scratch.db, 365)).toBe(0);
    for (const [table, left] of [
      ['odds_changes', 70],
      ['listing_changes', 20],
      ['odds', 1],
      ['listings', 1],
    ] as const) {
      expect([table, await count(scratch.database, table)]).toEqual([table, left]);
    }
    expect(await count(scratch.database, `odds_changes where at < now() - interval '365 days'`)).toBe(0);
  });

  it('finds what belongs to a run or a job by an index, through every foreign key there is', async () => {
    const bare = await db.execute(sql`
      select c.conrelid::regclass::text || '.' || a.attname as column
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid in ('runs'::regclass, 'jobs'::regclass)
        and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])`);
    expect(bare).toEqual([]);
  });

  it('refuses times that contradict each other, with the remedy', () => {
    const retry = { maxRunAgeDays: 7 };
    expect(retentionFaults({ retention, retry })).toEqual([]);
    expect(retentionFaults({ retention: { workItemsDays: 0, priceChangesDays: 0, runsDays: 0 }, retry })).toEqual([]);
    expect(retentionFaults({ retention: { workItemsDays: 3, priceChangesDays: 5, runsDays: 1 }, retry })).toHaveLength(
      3,
    );
  });
});

describe('passes', () => {
  const old = `insert into odds_changes (book_event_id, market, period, outcome, old_price, new_price, at)
    select min(id), '1x2', 'ft', 'home', 1.5, 1.6, now() - interval '400 days' from book_events`;

  it('begin at once, come again until they are stopped, and not after that', async () => {
    await using scratch = await scratchDatabase({ breaks });
    await movedPrices(scratch.database);
    const stop = new AbortController();
    const passing = watchRetention({ database: scratch.database, retention, log, batchMs: 0, passMs: 20 }, stop.signal);
    const changes = () => count(scratch.database, 'odds_changes');
    await expect.poll(changes).toBe(70);
    await runSql(scratch.database, old);
    await expect.poll(changes).toBe(70);
    stop.abort();
    await passing;
    await runSql(scratch.database, old);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await changes()).toBe(71);
  });

  it('go on when the database does not answer one of them', async () => {
    const gone = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const stop = new AbortController();
    const warned: unknown[] = [];
    const passing = watchRetention(
      {
        database: gone,
        retention,
        log: { info: () => {}, warn: (...said: unknown[]) => void warned.push(said) },
        passMs: 1,
      },
      stop.signal,
    );
    await expect.poll(() => warned.length).toBeGreaterThan(1);
    expect(warned.at(-1)).toEqual([
      { error: expect.stringContaining('ECONNREFUSED') as string },
      'what is old could not be deleted; it is tried again in an hour',
    ]);
    stop.abort();
    await passing;
    await gone.close();
  });
});
