/** What has happened besides, an hour after the story: a platform that is left alone, a mute, and schedules in every mood. */

const actor = `'{"surface":"slack","id":"u1","name":"Ada Canary"}'`;

/**
 * Run 8 is the one that had enough of betpawa, run 9 left it alone. Run 10 is a backfill. `every-hour` goes on,
 * `nightly` is late, `weekly` and `monthly` are paused, `gone` is set no more.
 */
export const marks = `
insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by, created_at, started_at, finished_at) values
  (8, 'failed', 'schedule:every-hour', 'b8', 8, '{betpawa}', ${actor}, '2024-11-23 13:50Z', '2024-11-23 13:50Z', '2024-11-23 13:51Z'),
  (9, 'failed', 'schedule:every-hour', 'b9', 9, '{betpawa}', ${actor}, '2024-11-23 13:55Z', '2024-11-23 13:55Z', '2024-11-23 13:55Z'),
  (10, 'completed', 'slack', 'b10', 10, '{bet9ja}', ${actor}, '2024-11-23 13:56Z', '2024-11-23 13:56Z', '2024-11-23 13:58Z');
insert into jobs (id, run_id, root_id, platform, status, retry_number, attempt, from_step, item_step, discovered, items_total, items_kept, items_done, items_failed, failure_kind, backfill, created_at, started_at, finished_at) overriding system value values
  (108, 8, 8, 'betpawa', 'failed', 0, 3, 'discover', 'extract', false, 0, 0, 0, 0, 'blocked', null, '2024-11-23 13:50Z', '2024-11-23 13:50Z', '2024-11-23 13:51Z'),
  (109, 9, 9, 'betpawa', 'skipped', 0, 1, 'discover', 'extract', false, 0, 0, 0, 0, 'left_alone', null, '2024-11-23 13:55Z', null, '2024-11-23 13:55Z'),
  (110, 10, 10, 'bet9ja', 'completed', 0, 1, 'images', 'images', true, 12, 0, 12, 0, null, 'images', '2024-11-23 13:56Z', '2024-11-23 13:56Z', '2024-11-23 13:58Z');
insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_at, opened_run, next_probe_at, probes, closed_at, closed_run) values
  ('sportybet', 5, '2024-11-23 09:00Z', 'unreachable', '2024-11-23 10:00Z', 1, '2024-11-23 10:30Z', 0, '2024-11-23 12:00Z', 1),
  ('betpawa', 5, '2024-11-23 13:20Z', 'blocked', '2024-11-23 13:51Z', 8, '2024-11-23 14:21Z', 1, null, null);
insert into mutes (platform, muted_by, since, until) values
  ('betpawa', ${actor}, '2024-11-23 13:52Z', null);
insert into schedules (name, cron, zone, since, next_slot, paused_at, paused_until, paused_by, retired_at) values
  ('every-hour', '0 * * * *', 'UTC', '2024-11-01Z', '2024-11-23 15:00Z', null, null, null, null),
  ('monthly', '0 0 1 * *', 'UTC', '2024-11-01Z', '2024-12-01Z', '2024-11-23 11:00Z', null, ${actor}, null),
  ('nightly', '0 14 * * *', 'UTC', '2024-11-01Z', '2024-11-23 14:00Z', null, null, null, null),
  ('weekly', '0 0 * * 0', 'UTC', '2024-11-01Z', '2024-11-24Z', '2024-11-23 11:00Z', '2024-11-23 18:00Z', ${actor}, null),
  ('gone', '0 0 * * 0', 'UTC', '2024-11-01Z', null, null, null, null, '2024-11-20Z');
insert into schedule_slots (schedule, slot, outcome, run_id, decided_at) values
  ('every-hour', '2024-11-21 02:00Z', 'skipped_missed', null, '2024-11-23 12:00Z'),
  ('every-hour', '2024-11-23 02:00Z', 'skipped_missed', null, '2024-11-23 12:00Z'),
  ('every-hour', '2024-11-23 03:00Z', 'skipped_missed', null, '2024-11-23 12:00Z'),
  ('every-hour', '2024-11-23 11:00Z', 'skipped_paused', null, '2024-11-23 12:00Z'),
  ('every-hour', '2024-11-23 12:00Z', 'skipped_overlap', null, '2024-11-23 12:00Z'),
  ('every-hour', '2024-11-23 13:00Z', 'run', 3, '2024-11-23 13:00Z');
`;
