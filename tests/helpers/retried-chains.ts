/** Chains of one platform that broke and were retried, as many as a test needs, ended at a given time before now. */

/** `days`: how long ago all of it ended. The first `fixed` chains are complete after their retry. */
export interface RetriedChains {
  platform?: string;
  kind?: string;
  chains: number;
  fixed: number;
  days: number;
  firstRun: number;
}

/** Statements that write the chains; run numbers follow `firstRun`, two for each chain. */
export function retriedChains(given: RetriedChains): string {
  const { platform = 'bet9ja', kind = 'unreachable', chains, fixed, days, firstRun } = given;
  const at = `now() - interval '${days} days'`;
  const actor = `'{"surface":"slack","id":"U1","name":"Ada"}'`;
  const root = `${firstRun} + 2 * n`;
  return `
    insert into runs (id, status, trigger, trigger_key, retry_of, root_id, platforms, requested_by, created_at, started_at, finished_at)
    select ${root}, 'failed', 'slack', 'c' || (${root}), null, ${root}, '{${platform}}', ${actor}::jsonb, ${at}, ${at}, ${at}
    from generate_series(0, ${chains - 1}) n;
    insert into runs (id, status, trigger, trigger_key, retry_of, root_id, platforms, requested_by, created_at, started_at, finished_at)
    select ${root} + 1, case when n < ${fixed} then 'completed' else 'failed' end, 'retry:' || (${root}), 'r' || (${root}),
           ${root}, ${root}, '{${platform}}', ${actor}::jsonb, ${at}, ${at}, ${at}
    from generate_series(0, ${chains - 1}) n;
    insert into jobs (run_id, root_id, platform, status, retry_number, from_step, discovered, items_total, items_done,
                      failure_kind, created_at, started_at, finished_at)
    select r.id, r.root_id, '${platform}', r.status, (r.retry_of is not null)::int, 'discover', true, 48,
           case r.status when 'completed' then 48 else 0 end, case r.status when 'failed' then '${kind}' end,
           ${at}, ${at} - interval '20 seconds', ${at}
    from runs r where r.id between ${firstRun} and ${firstRun} + 2 * ${chains} - 1 order by r.id;
    insert into steps (job_id, attempt, lease, name, status, items_total, items_done, error_kind, started_at, finished_at)
    select j.id, 1, 1, 'extract', case j.status when 'completed' then 'success' else 'failed' end, 48, j.items_done,
           j.failure_kind, j.started_at, j.finished_at
    from jobs j where j.run_id between ${firstRun} and ${firstRun} + 2 * ${chains} - 1;
    insert into failures (job_id, attempt, step, kind, headline, detail, retryable, at)
    select j.id, 1, 'extract', '${kind}', '${platform} did not answer', 'GET / answered 503', true, j.finished_at
    from jobs j where j.status = 'failed' and j.run_id between ${firstRun} and ${firstRun} + 2 * ${chains} - 1;
    select setval(pg_get_serial_sequence('runs', 'id'), (select max(id) from runs));`;
}
