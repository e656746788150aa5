/**
 * Fills a database with a long, believable history in about a minute: `runs` runs over a year, four platforms each, 8 of
 * 100 jobs failing, half of those retried. The rollups are counted once at the end instead of a million times.
 */
import { openDatabase } from '#db/client.ts';

/** Four platforms, so that the figures can be compared with other measurements. */
export const seededPlatforms = ['bet9ja', 'betpawa', 'bringatrailer', 'sportybet'];

/** Writes run 1 to `runs`; the newest ended a minute before `now`. The database must be migrated and empty. */
export async function seedHistory(url: string, runs: number, now = new Date()): Promise<void> {
  await using database = openDatabase(url, { applicationName: 'rescrape seed' });
  const link = database.connect();
  const run = (text: string) => link.run({ text, deadlineMs: 15 * 60_000 });
  try {
    await run(`set statement_timeout = 0`);
    await run(`alter table jobs disable trigger all`);
    await run(`alter table runs disable trigger all`);
    for (const text of statements(runs, now)) await run(text);
    await run(`alter table jobs enable trigger all`);
    await run(`alter table runs enable trigger all`);
    await run('analyze');
    await run('select rollup.recount()');
    await run('analyze');
  } finally {
    await link.end();
  }
}

/** A number from 0 to 999 that is the same each time, by run and platform. */
const chance = (run: string, salt: string) =>
  `((hashint4(${run})::bigint + hashtext(${salt}) + 4294967296) % 1000)::int`;

function statements(runs: number, now: Date): string[] {
  const end = `timestamptz '${now.toISOString()}' - interval '2 minutes'`;
  const at = (id: string) => `${end} - (${runs} - ${id}) * interval '1 year' / ${runs}`;
  const platforms = `'{${seededPlatforms.join(',')}}'::text[]`;
  // Every 25th run retries, for its one platform, the run before it, which failed there.
  const root = `case when n % 25 = 0 then n - 1 else n end`;
  return [
    `insert into runs (id, status, trigger, trigger_key, retry_of, root_id, platforms, requested_by, created_at,
                       started_at, finished_at)
     select n, case when n % 25 = 24 then 'partial' when n % 25 = 0 then 'completed'
                    when ${chance('n', `'run'`)} < 60 then 'partial' else 'completed' end,
            case when n % 25 = 0 then 'retry:' || (n - 1) when n % 3 = 0 then 'slack' else 'schedule:hourly' end,
            'seed:' || n, case when n % 25 = 0 then n - 1 end, ${root},
            case when n % 25 = 0 then '{bet9ja}'::text[] else ${platforms} end,
            '{"surface":"slack","id":"U1","name":"Canary"}', ${at('n')}, ${at('n')}, ${at('n')} + interval '90 seconds'
     from generate_series(1, ${runs}) n`,
    `insert into jobs (run_id, root_id, platform, status, retry_number, from_step, discovered, items_total, items_kept,
                       items_done, items_failed, failure_kind, created_at, started_at, finished_at)
     select r.id, r.root_id, p.platform, o.status, case when r.retry_of is null then 0 else 1 end,
            case when r.retry_of is null then 'discover' else 'extract' end, true, o.items,
            case when r.retry_of is null then 0 else o.items - 40 end,
            case o.status when 'completed' then case when r.retry_of is null then o.items else 40 end
                          else o.items - 40 end,
            case o.status when 'completed' then 0 else 40 end,
            case o.status when 'completed' then null else (array['blocked','rate_limited','unreachable','drifted'])[
              1 + ${chance('r.id', `'kind'`)} % 4] end,
            r.created_at, r.created_at + interval '1 second',
            r.created_at + interval '20 seconds' + ${chance('r.id', 'p.platform')} * interval '60 milliseconds'
     from runs r cross join lateral unnest(r.platforms) p (platform)
     cross join lateral (
       select case when r.id % 25 = 24 and p.platform = 'bet9ja' then 'partial'
                   when r.id % 25 = 0 then 'completed'
                   when r.status = 'partial' and r.id % 25 <> 24 and p.platform = 'betpawa' then 'partial'
                   else 'completed' end as status,
              220 + (30 * sin(r.root_id / 9.0))::int + ${chance('r.root_id', 'p.platform')} % 12 as items) o`,
    `insert into steps (job_id, attempt, lease, name, status, items_total, items_done, items_failed, error_kind,
                        started_at, finished_at)
     select j.id, 1, 1, 'discover', 'success', j.items_total, j.items_total, 0, null, j.started_at, j.started_at + interval '3 seconds'
     from jobs j where j.retry_number = 0
     union all
     select j.id, 1, 1, 'extract', case j.status when 'completed' then 'success' else 'failed' end, j.items_total, j.items_done,
            j.items_failed, j.failure_kind, j.started_at + interval '3 seconds', j.finished_at
     from jobs j`,
    `insert into failures (job_id, attempt, step, item_key, kind, headline, detail, retryable, at)
     select j.id, 1, 'extract', 'item-' || n, j.failure_kind, j.platform || ' refused us', 'seeded', false,
            j.finished_at - n * interval '1 second'
     from jobs j cross join generate_series(1, 3) n where j.status = 'partial'`,
    `select setval(pg_get_serial_sequence('runs', 'id'), ${runs})`,
  ];
}
