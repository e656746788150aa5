import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database.ts';
import { seededPlatforms, seedHistory } from '../helpers/seed-history.ts';
import { buildPages } from './build-pages.ts';
import { runSql } from './run-sql.ts';
import { scratchFolder } from './scratch-folder.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });
const folder = await scratchFolder();
const noon = new Date('2026-11-23T12:00:00Z');
const actor = `'{"surface":"slack","id":"U1","name":"Ada"}'`;
const platforms = `unnest('{${seededPlatforms.join(',')}}'::text[]) platform`;

/** Every day broke in every way, every platform is left alone and muted, and all names and notes are long. */
const fullHouse = `
  set session_replication_role = replica;
  delete from platform_days;
  insert into platform_days (day, platform, complete, retried, partial, failed)
    select '2026-11-23'::date - n, platform, 1262, 112, 114, 112 from generate_series(0, 89) n, ${platforms};
  update runs set trigger = 'schedule:every-two-hours-on-weekdays' where trigger like 'schedule:%';
  insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_at, opened_run, next_probe_at, probes)
    select platform, 25, '2026-11-20 09:00Z', 'connection_lost', '2026-11-21 10:00Z', 399, '2026-11-23 14:30Z', 12 from ${platforms};
  insert into mutes (platform, muted_by, since, until)
    select platform, ${actor}, '2026-11-21 10:00Z', '2026-12-24 10:00Z' from ${platforms};
  insert into notes (text, actor, starts_at, ends_at)
    select repeat('The site has maintenance until the evening. ', 6), ${actor}, '2026-11-23 09:00Z', '2026-11-23 18:00Z'
    from generate_series(1, 5);
  insert into schedules (name, cron, zone, since, next_slot)
    select 'every-two-hours-on-weekdays-' || n, '0 * * * *', 'UTC', '2025-11-01Z', '2026-11-23 10:00Z' from generate_series(1, 8) n;
  insert into schedule_slots (schedule, slot, outcome, decided_at)
    select 'every-two-hours-on-weekdays-' || n, ('2026-11-23 0' || h || ':00Z')::timestamptz, outcome, now()
    from generate_series(1, 8) n, (values (1, 'skipped_missed'), (2, 'skipped_missed'), (3, 'skipped_overlap')) slots (h, outcome);`;

describe('the front page', () => {
  it('is at most 100 kB, with 90 full days of four platforms and long names, notes and tags', async () => {
    await seedHistory(url, 400, noon);
    await runSql(database, fullHouse);
    const page = await readFile(join(await buildPages(url, folder, noon), 'index.html'));
    const html = page.toString();
    expect(html.match(/1,374 of 1,600 complete, 112 after a retry; 114 partial, 112 failed/g)).toHaveLength(4 * 90);
    expect(html.match(/Muted since/g)).toHaveLength(4);
    expect(page.length).toBeLessThan(100_000);
  });
});
