/** A small history in which every rule of tests/invariants.sql has something to look at, and none is broken; as plain SQL. */

const ada = `'{"surface":"slack","id":"U1","name":"Ada"}'`;
const ago = (minutes: number) => `now() - interval '${minutes} minutes'`;

/**
 * Run 1 lost its connection, run 2 scraped it again, run 3 retries what is still broken. Run 4 was scheduled, run 5
 * cancelled, run 6 left alone; run 7 is to be begun, and run 8 waits for another attempt.
 */
export const soundHistory = [
  `insert into runs (id, status, trigger, trigger_key, retry_of, root_id, rescrape_of, platforms, requested_by,
                     home_surface, lost_since, cancelled_by, created_at, started_at, finished_at) values
    (1, 'connection_failed', 'slack', 'slack:a1', null, 1, null, '{sportybet,bet9ja,betpawa}', ${ada}, 'slack', ${ago(181)}, null, ${ago(182)}, ${ago(182)}, ${ago(170)}),
    (2, 'partial', 'rescrape:1', 'rescrape:1', null, 1, 1, '{bet9ja,betpawa}', ${ada}, 'slack', null, null, ${ago(150)}, ${ago(150)}, ${ago(140)}),
    (3, 'running', 'retry:1', 'slack:a3', 1, 1, null, '{bet9ja}', ${ada}, 'slack', null, null, ${ago(9)}, ${ago(9)}, null),
    (4, 'completed', 'schedule:nightly', 'schedule:nightly:2026-01-02T03:00:00.000Z', null, 4, null, '{sportybet}', ${ada}, null, null, null, ${ago(80)}, ${ago(80)}, ${ago(70)}),
    (5, 'cancelled', 'console', 'console:a5', null, 5, null, '{sportybet}', ${ada}, 'console', null, ${ada}, ${ago(60)}, ${ago(60)}, ${ago(59)}),
    (6, 'failed', 'console', 'console:a6', null, 6, null, '{bet9ja}', ${ada}, 'console', null, null, ${ago(58)}, ${ago(57)}, ${ago(57)}),
    (7, 'pending', 'console', 'console:a7', null, 7, null, '{sportybet}', ${ada}, 'console', null, null, ${ago(5)}, null, null),
    (8, 'running', 'console', 'console:a8', null, 8, null, '{betpawa}', ${ada}, 'console', null, null, ${ago(4)}, ${ago(4)}, null)`,
  `insert into jobs (id, run_id, root_id, platform, status, retry_number, rescrape, from_step, source_job_id, lease,
                     lease_owner, heartbeat_at, next_attempt_at, items_total, items_done, failure_kind, started_at,
                     finished_at) overriding system value values
    (1, 1, 1, 'sportybet', 'completed', 0, false, 'discover', null, 1, null, null, null, 2, 2, null, ${ago(182)}, ${ago(171)}),
    (2, 1, 1, 'bet9ja', 'failed', 0, false, 'discover', null, 1, null, null, null, 0, 0, 'blocked', ${ago(182)}, ${ago(171)}),
    (3, 1, 1, 'betpawa', 'skipped', 0, false, 'discover', null, 0, null, null, null, 0, 0, 'connection_lost', null, ${ago(170)}),
    (4, 2, 1, 'bet9ja', 'failed', 0, true, 'discover', 2, 1, null, null, null, 0, 0, 'blocked', ${ago(150)}, ${ago(145)}),
    (5, 2, 1, 'betpawa', 'completed', 0, true, 'discover', 3, 1, null, null, null, 0, 0, null, ${ago(150)}, ${ago(140)}),
    (6, 3, 1, 'bet9ja', 'running', 1, false, 'discover', 4, 1, 'a worker', now(), null, 0, 0, null, ${ago(9)}, null),
    (7, 4, 4, 'sportybet', 'completed', 0, false, 'discover', null, 1, null, null, null, 0, 0, null, ${ago(80)}, ${ago(70)}),
    (8, 5, 5, 'sportybet', 'cancelled', 0, false, 'discover', null, 1, null, null, null, 0, 0, 'cancelled', ${ago(60)}, ${ago(59)}),
    (9, 6, 6, 'bet9ja', 'skipped', 0, false, 'discover', null, 0, null, null, null, 0, 0, 'left_alone', null, ${ago(57)}),
    (10, 7, 7, 'sportybet', 'pending', 0, false, 'discover', null, 0, null, null, null, 0, 0, null, null, null),
    (11, 8, 8, 'betpawa', 'waiting', 0, false, 'discover', null, 1, null, null, now(), 0, 0, 'unreachable', ${ago(4)}, null)`,
  `insert into steps (job_id, attempt, lease, name, status, started_at) values (6, 1, 1, 'discover', 'running', ${ago(9)})`,
  `insert into steps (job_id, attempt, lease, name, status, error_kind, started_at, finished_at)
   values (2, 1, 1, 'discover', 'failed', 'blocked', ${ago(182)}, ${ago(171)})`,
  `insert into failures (job_id, attempt, step, kind, headline, detail, retryable)
   select id, 1, 'discover', failure_kind, 'it failed', 'HTTP 403', false from jobs where status = 'failed'`,
  `insert into work_items (job_id, step, key, payload, status, attempts) values
    (1, 'extract', 'a', '{}', 'done', 1), (1, 'extract', 'b', '{}', 'done', 1)`,
  `insert into actions (surface, id, actor, name, args, outcome, answer, run_id)
   select split_part(trigger_key, ':', 1), split_part(trigger_key, ':', 2), requested_by, 'now', '{}', 'started', '{}', id
   from runs where rescrape_of is null and trigger not like 'schedule:%'`,
  `insert into schedules (name, cron, zone) values ('nightly', '0 3 * * *', 'UTC')`,
  `insert into schedule_slots (schedule, slot, outcome, run_id, decided_at) values
    ('nightly', '2026-01-02T03:00:00Z', 'run', 4, '2026-01-02T03:00:02Z')`,
  `insert into posts (surface, channel, run_id, slot, ref, state) values
    ('slack', 'C1', 1, 'card', '{"ts":"1.1"}', 'posted'), ('slack', 'C1', 1, 'job:sportybet', '{"ts":"1.2"}', 'posted')`,
  `insert into notices (surface, channel, name, message, state, ref) values ('slack', 'C1', 'one', '{}', 'posted', '{"ts":"1.3"}')`,
  `insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_at, opened_run, next_probe_at) values
    ('bet9ja', 2, ${ago(182)}, 'blocked', ${ago(145)}, 2, ${ago(-20)})`,
  `insert into common_causes (fingerprint, platforms, since, opened_at, opened_run, closed_at, closed_run) values
    ('connection', '{bet9ja,betpawa}', ${ago(150)}, ${ago(148)}, 2, ${ago(140)}, 2)`,
  `insert into outages (subject, why, began_at, ended_at) values ('slack', 'revoked', ${ago(50)}, ${ago(40)})`,
  `insert into mutes (platform, muted_by, since, ended_at, ended_run) values ('betpawa', ${ada}, ${ago(160)}, ${ago(140)}, 2)`,
  `insert into events (id, sport, home, away, competition, kickoff) overriding system value values (1, 'football', 'A', 'B', 'C', now())`,
  `insert into book_events (id, event_id, platform, country, source_id, home, away, sport, competition, kickoff, live)
   overriding system value values (1, 1, 'bet9ja', 'ng', 'x', 'A', 'B', 'football', 'C', now(), false)`,
  `insert into odds (book_event_id, market, period, outcome, price, source_market_id, source_outcome_id)
   values (1, '1x2', 'full', 'home', 2.5, 'm', 'o')`,
  `insert into odds_digests (book_event_id, digest) values (1, encode(sha256(E'1x2 full home  4004000000000000  1:m 1:o\\n'), 'hex'))`,
  `insert into odds_changes (book_event_id, market, period, outcome, old_price, new_price, at) values
    (1, '1x2', 'full', 'home', 2, 2.2, ${ago(9)}), (1, '1x2', 'full', 'home', 2.2, 2.5, ${ago(8)})`,
  `select rollup.recount()`,
];
