/** A history with everything the page has to tell, as plain SQL: a retried failure, a lost worker, hostile words. */

/** What a site or a person may have slipped into a text of ours. */
export const hostile = {
  script: '</script><script>alert(1)</script>',
  attribute: '" onmouseover="alert(1)" style="position:fixed',
  link: 'javascript:alert(1)',
  bidi: 'evil\u202etxt.exe\u200b',
};

/** Long ago, so that every time is shown with its day and year, whenever the tests run. */
const at = (minutes: number, seconds = 0) =>
  `timestamptz '2024-11-23 12:00:00+00' + interval '${minutes} minutes ${seconds} seconds'`;

/**
 * Run 1 (console): bet9ja breaks. Run 2: its retry, complete after a lost worker. Run 3 (schedule): betpawa delivers
 * only a part. Run 4 (hostile words): all fails. Run 5 (slack): connection lost, scraped again by run 6. Run 7: under way.
 */
export const story = `
insert into runs (id, status, trigger, trigger_key, retry_of, root_id, rescrape_of, platforms, requested_by, created_at, started_at, finished_at) values
  (1, 'partial', 'console', 'a1', null, 1, null, '{sportybet,bet9ja,betpawa}', '{"surface":"console","id":"u1","name":"Ada Canary"}', ${at(0)}, ${at(0, 1)}, ${at(3, 12)}),
  (2, 'completed', 'retry:1', 'a2', 1, 1, null, '{bet9ja}', '{"surface":"discord","id":"u2","name":"Bob Canary"}', ${at(9)}, ${at(9, 1)}, ${at(10, 4)}),
  (3, 'partial', 'schedule:every-hour', 'a3', null, 3, null, '{sportybet,bet9ja,betpawa}', '{"surface":"schedule","id":"s","name":"every-hour"}', ${at(60)}, ${at(60)}, ${at(62, 40)}),
  (4, 'failed', $q$schedule:${hostile.script}$q$, 'a4', null, 4, null, '{sportybet}', $q$${JSON.stringify({ surface: hostile.link, id: 'x', name: hostile.script })}$q$, ${at(70)}, ${at(70)}, ${at(70, 2)}),
  (5, 'connection_failed', 'slack', 'a5', null, 5, null, '{sportybet,bet9ja,betpawa}', '{"surface":"slack","id":"u1","name":"Ada Canary"}', ${at(90)}, ${at(90)}, ${at(92)}),
  (6, 'completed', 'rescrape:5', 'a6', null, 5, 5, '{bet9ja,betpawa}', '{"surface":"slack","id":"u1","name":"Ada Canary"}', ${at(95)}, ${at(95)}, ${at(97, 30)}),
  (7, 'running', 'slack', 'a7', null, 7, null, '{sportybet,bet9ja,betpawa}', '{"surface":"slack","id":"u1","name":"Ada Canary"}', ${at(120)}, ${at(120)}, null);

insert into jobs (id, run_id, root_id, platform, status, retry_number, attempt, from_step, discovered, source_job_id, heartbeat_at, next_attempt_at, items_total, items_kept, items_done, items_failed, failure_kind, created_at, started_at, finished_at) overriding system value values
  (1, 1, 1, 'sportybet', 'completed', 0, 1, 'discover', true, null, null, null, 214, 0, 214, 0, null, ${at(0)}, ${at(0, 1)}, ${at(1, 40)}),
  (2, 1, 1, 'bet9ja', 'failed', 0, 3, 'discover', true, null, null, null, 48, 0, 31, 17, 'rate_limited', ${at(0)}, ${at(0, 1)}, ${at(3, 12)}),
  (3, 1, 1, 'betpawa', 'completed', 0, 1, 'discover', true, null, null, null, 96, 0, 96, 0, null, ${at(0)}, ${at(1, 40)}, ${at(2, 20)}),
  (4, 2, 1, 'bet9ja', 'completed', 1, 1, 'extract', true, 2, null, null, 48, 31, 17, 0, null, ${at(9)}, ${at(9, 1)}, ${at(10, 4)}),
  (5, 3, 3, 'sportybet', 'completed', 0, 1, 'discover', true, null, null, null, 201, 0, 201, 0, null, ${at(60)}, ${at(60)}, ${at(61, 30)}),
  (6, 3, 3, 'bet9ja', 'completed', 0, 1, 'discover', true, null, null, null, 51, 0, 51, 0, null, ${at(60)}, ${at(60)}, ${at(61, 2)}),
  (7, 3, 3, 'betpawa', 'partial', 0, 1, 'discover', true, null, null, null, 1203, 0, 1199, 4, 'not_found', ${at(60)}, ${at(61, 30)}, ${at(62, 40)}),
  (8, 4, 4, 'sportybet', 'failed', 0, 1, 'discover', false, null, null, null, 0, 0, 0, 0, 'drifted', ${at(70)}, ${at(70)}, ${at(70, 2)}),
  (9, 5, 5, 'sportybet', 'completed', 0, 1, 'discover', true, null, null, null, 207, 0, 207, 0, null, ${at(90)}, ${at(90)}, ${at(92)}),
  (10, 5, 5, 'bet9ja', 'skipped', 0, 1, 'discover', false, null, null, null, 0, 0, 0, 0, 'connection_lost', ${at(90)}, null, ${at(92)}),
  (11, 5, 5, 'betpawa', 'skipped', 0, 1, 'discover', false, null, null, null, 0, 0, 0, 0, 'connection_lost', ${at(90)}, null, ${at(92)}),
  (12, 6, 5, 'bet9ja', 'completed', 0, 1, 'discover', true, null, null, null, 52, 0, 52, 0, null, ${at(95)}, ${at(95)}, ${at(96, 10)}),
  (13, 6, 5, 'betpawa', 'completed', 0, 1, 'discover', true, null, null, null, 99, 0, 99, 0, null, ${at(95)}, ${at(95)}, ${at(97, 30)}),
  (14, 7, 7, 'sportybet', 'running', 0, 1, 'discover', true, null, ${at(121)}, null, 210, 0, 120, 2, null, ${at(120)}, ${at(120)}, null),
  (15, 7, 7, 'bet9ja', 'waiting', 0, 1, 'discover', false, null, null, ${at(122)}, 0, 0, 0, 0, 'unreachable', ${at(120)}, ${at(120)}, null),
  (16, 7, 7, 'betpawa', 'pending', 0, 1, 'discover', false, null, null, null, 0, 0, 0, 0, null, ${at(120)}, null, null);

insert into steps (job_id, attempt, lease, name, status, items_total, items_done, items_failed, error_kind, error_message, started_at, finished_at) values
  (1, 1, 1, 'discover', 'success', 214, 214, 0, null, null, ${at(0, 1)}, ${at(0, 9)}),
  (1, 1, 1, 'extract', 'success', 214, 214, 0, null, null, ${at(0, 9)}, ${at(1, 40)}),
  (2, 1, 1, 'discover', 'success', 48, 48, 0, null, null, ${at(0, 1)}, ${at(0, 4)}),
  (2, 1, 1, 'extract', 'failed', 48, 20, 28, 'rate_limited', 'canary-error-message', ${at(0, 4)}, ${at(0, 50)}),
  (2, 2, 2, 'extract', 'failed', 28, 8, 20, 'rate_limited', 'canary-error-message', ${at(1)}, ${at(1, 50)}),
  (2, 3, 3, 'extract', 'failed', 20, 3, 17, 'rate_limited', 'canary-error-message', ${at(2, 30)}, ${at(3, 12)}),
  (3, 1, 1, 'discover', 'success', 96, 96, 0, null, null, ${at(1, 40)}, ${at(1, 44)}),
  (3, 1, 1, 'extract', 'success', 96, 96, 0, null, null, ${at(1, 44)}, ${at(2, 20)}),
  (4, 1, 1, 'extract', 'failed', 17, 5, 0, 'interrupted', 'canary-error-message', ${at(9, 1)}, ${at(9, 40)}),
  (4, 1, 2, 'extract', 'success', 12, 12, 0, null, null, ${at(9, 45)}, ${at(10, 4)}),
  (5, 1, 1, 'discover', 'success', 201, 201, 0, null, null, ${at(60)}, ${at(60, 8)}),
  (5, 1, 1, 'extract', 'success', 201, 201, 0, null, null, ${at(60, 8)}, ${at(61, 30)}),
  (6, 1, 1, 'discover', 'success', 51, 51, 0, null, null, ${at(60)}, ${at(60, 5)}),
  (6, 1, 1, 'extract', 'success', 51, 51, 0, null, null, ${at(60, 5)}, ${at(61, 2)}),
  (7, 1, 1, 'discover', 'success', 1203, 1203, 0, null, null, ${at(61, 30)}, ${at(61, 33)}),
  (7, 1, 1, 'extract', 'failed', 1203, 1199, 4, 'not_found', 'canary-error-message', ${at(61, 33)}, ${at(62, 40)}),
  (8, 1, 1, 'discover', 'failed', 0, 0, 0, 'drifted', 'canary-error-message', ${at(70)}, ${at(70, 2)}),
  (9, 1, 1, 'discover', 'success', 207, 207, 0, null, null, ${at(90)}, ${at(90, 7)}),
  (9, 1, 1, 'extract', 'success', 207, 207, 0, null, null, ${at(90, 7)}, ${at(92)}),
  (12, 1, 1, 'discover', 'success', 52, 52, 0, null, null, ${at(95)}, ${at(95, 4)}),
  (12, 1, 1, 'extract', 'success', 52, 52, 0, null, null, ${at(95, 4)}, ${at(96, 10)}),
  (13, 1, 1, 'discover', 'success', 99, 99, 0, null, null, ${at(95)}, ${at(95, 4)}),
  (13, 1, 1, 'extract', 'success', 99, 99, 0, null, null, ${at(95, 4)}, ${at(97, 30)}),
  (14, 1, 1, 'discover', 'success', 210, 210, 0, null, null, ${at(120)}, ${at(120, 6)}),
  (14, 1, 1, 'extract', 'running', 210, 120, 2, null, null, ${at(120, 6)}, null),
  (15, 1, 1, 'discover', 'failed', 0, 0, 0, 'unreachable', 'canary-error-message', ${at(120)}, ${at(120, 30)});

update steps set metadata = '{"prices": 12034, "notOffered": 310, "unknownMarket": 5300, "requests": 214, "retries": 1, "other": 7}'
  where job_id = 1 and name = 'extract';
update steps set metadata = '{"requests": 1, "retries": 0}' where job_id = 1 and name = 'discover';

insert into failures (job_id, attempt, step, item_key, kind, headline, detail, retryable, at) values
  (2, 1, 'extract', 'e0', 'unreachable', 'bet9ja did not answer properly (connection, time-out or server error)', 'canary-detail', true, ${at(0, 30)}),
  (7, 1, 'extract', null, 'not_found', 'betpawa no longer has this', 'canary-detail', false, ${at(62)}),
  (8, 1, 'discover', null, 'drifted', $q$${hostile.script}$q$, 'canary-detail', false, ${at(70, 1)}),
  (8, 1, 'discover', null, 'internal', $q$${hostile.attribute}$q$, 'canary-detail', false, ${at(70, 1)}),
  (8, 1, 'discover', null, 'api_error', $q$${hostile.link}$q$, 'canary-detail', false, ${at(70, 2)}),
  (8, 1, $q$${hostile.script}$q$, null, 'blocked', $q$${hostile.bidi}$q$, 'canary-detail', false, ${at(70, 2)}),
  (14, 1, 'extract', 'e9', 'api_error', 'sportybet answered with an error of its own', 'canary-detail', true, ${at(120, 40)}),
  (15, 1, 'discover', null, 'unreachable', 'bet9ja did not answer properly (connection, time-out or server error)', 'canary-detail', true, ${at(120, 30)});
insert into failures (job_id, attempt, step, item_key, kind, headline, detail, retryable, at)
  select 2, 3, 'extract', 'e' || n, 'rate_limited', 'bet9ja asked us to slow down', 'canary-detail', true, ${at(2, 40)} + n * interval '1 second'
  from generate_series(1, 17) n;
`;
