/** The statements of `history.ts`. Each row is one JSON text whose keys are those of our types; only views are named. */

/** Every row of `status.platforms`. */
export const selectPlatforms = `
  select json_build_object('platform', platform, 'status', status, 'runId', run_id, 'finishedAt', finished_at,
    'failureKind', failure_kind, 'items', items, 'itemsTotal', items_total, 'lastGoodRunId', last_good_run_id,
    'lastGoodAt', last_good_at, 'accepted', accepted)::text as json
  from status.platforms order by platform`;

/** The roots of the $1 chains in which something was asked for last. */
export const newestRoots = `select root_id from status.runs group by root_id order by max(id) desc limit $1::int`;

/** All runs of the chains with these roots (a query or a value), by number, with everything that belongs to them. */
export function selectRuns(roots: string): string {
  return `
  select json_build_object('id', r.id, 'status', r.status, 'trigger', r.trigger, 'retryOf', r.retry_of,
    'rootId', r.root_id, 'rescrapeOf', r.rescrape_of, 'platforms', r.platforms, 'surface', r.surface,
    'createdAt', r.created_at, 'startedAt', r.started_at, 'finishedAt', r.finished_at,
    'jobs', coalesce((select json_agg(${job} order by j.id) from status.jobs j where j.run_id = r.id), '[]'))::text as json
  from status.runs r where r.root_id in (${roots}) order by r.id`;
}

const job = `json_build_object('id', j.id, 'platform', j.platform, 'status', j.status, 'retryNumber', j.retry_number,
  'attempt', j.attempt, 'fromStep', j.from_step, 'itemsTotal', j.items_total, 'itemsKept', j.items_kept,
  'itemsDone', j.items_done, 'itemsFailed', j.items_failed, 'failureKind', j.failure_kind, 'accepted', j.accepted,
  'nextAttemptAt', j.next_attempt_at, 'startedAt', j.started_at, 'finishedAt', j.finished_at,
  'steps', coalesce((select json_agg(json_build_object('name', s.name, 'attempt', s.attempt, 'status', s.status,
      'itemsTotal', s.items_total, 'itemsDone', s.items_done, 'itemsFailed', s.items_failed, 'errorKind', s.error_kind,
      'startedAt', s.started_at, 'finishedAt', s.finished_at) order by s.id)
    from status.steps s where s.job_id = j.id), '[]'),
  'failures', coalesce((select json_agg(json_build_object('step', f.step, 'kind', f.kind, 'headline', f.headline,
      'count', f.count, 'firstAt', f.first_at, 'lastAt', f.last_at) order by f.first_at, f.step, f.kind)
    from status.failures f where f.job_id = j.id), '[]'))`;
