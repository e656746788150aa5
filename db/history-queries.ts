/** The statements of `history.ts`. Each row is one JSON text whose keys are those of our types; only views are named. */

const asJson = (rows: string) => `select row_to_json(r)::text as json from (${rows}) r`;

/** Every row of `status.platforms`. */
export const selectPlatforms = asJson(`
  select platform, status, run_id as "runId", finished_at as "finishedAt", failure_kind as "failureKind", items,
    items_total as "itemsTotal", last_good_run_id as "lastGoodRunId", last_good_at as "lastGoodAt", accepted, good,
    since_run_id as "sinceRunId", since as "sinceAt"
  from status.platforms order by platform`);

const runHead = `r.id, r.status, r.trigger, r.retry_of as "retryOf", r.root_id as "rootId",
  r.rescrape_of as "rescrapeOf", (select max(b.backfill) from status.jobs b where b.run_id = r.id) as backfill, r.platforms, r.surface, r.created_at as "createdAt", r.started_at as "startedAt",
  r.finished_at as "finishedAt"`;

const steps = `select coalesce(json_agg(s order by s.id), '[]') from (
    select s.id, s.name, s.attempt, s.status, s.items_total as "itemsTotal", s.items_done as "itemsDone",
      s.items_failed as "itemsFailed", s.counts, s.error_kind as "errorKind", s.started_at as "startedAt",
      s.finished_at as "finishedAt"
    from status.steps s where s.job_id = j.id) s`;

const failures = `select coalesce(json_agg(f order by f."firstAt", f.step, f.kind), '[]') from (
    select f.step, f.kind, f.headline, f.count, f.first_at as "firstAt", f.last_at as "lastAt"
    from status.failures f where f.job_id = j.id) f`;

const jobs = `select coalesce(json_agg(j order by j.id), '[]') from (
    select j.id, j.platform, j.status, j.retry_number as "retryNumber", j.attempt, j.from_step as "fromStep",
      j.items_total as "itemsTotal", j.items_kept as "itemsKept", j.items_done as "itemsDone",
      j.items_failed as "itemsFailed", j.failure_kind as "failureKind", j.accepted, j.next_attempt_at as "nextAttemptAt",
      j.started_at as "startedAt", j.finished_at as "finishedAt", (${steps}) as steps, (${failures}) as failures
    from status.jobs j where j.run_id = r.id) j`;

/** All runs of the chains with the roots $1, by number, with everything that belongs to them. */
export const selectChains = asJson(`
  select ${runHead}, (${jobs}) as jobs
  from status.runs r where r.root_id in (select value::int from json_array_elements_text($1::text::json)) order by r.id`);

const rowJobs = `select coalesce(json_agg(j order by j.id), '[]') from (
    select j.id, j.platform, j.status, j.failure_kind as "failureKind", j.accepted from status.jobs j where j.run_id = r.id) j`;

const runRow = `${runHead}, (${rowJobs}) as jobs,
  (select json_agg(c.id order by c.id) from status.runs c where c.root_id = r.root_id) as chain`;

/** The newest $1 runs. */
export const selectNewestRuns = asJson(`select ${runRow} from status.runs r order by r.id desc limit $1::int`);

/** The runs from number $1 to $2. */
export const selectRunRows = asJson(`
  select ${runRow} from status.runs r where r.id between $1::int and $2::int order by r.id desc`);

/** The roots of the runs after number $1 and of the runs $2. */
export const selectRoots = asJson(`
  select root_id as "rootId" from status.runs where id > $1::int
  union
  select root_id from status.runs where id in (select value::int from json_array_elements_text($2::text::json))`);

/** The roots whose number is from $1 to $2. */
export const selectRootRange = asJson(`
  select id as "rootId" from status.runs where id between $1::int and $2::int and id = root_id`);

/** The newest run's number, and those of the runs that have not ended. */
export const selectFrontier = asJson(`
  select coalesce((select max(id) from status.runs), 0) as newest,
    (select coalesce(json_agg(id order by id), '[]') from status.runs where finished_at is null) as open`);

const platformDay = `day, platform, complete, retried, partial, failed, missed, jobs, good_jobs as "goodJobs",
  good_items as "goodItems", retries, good_retries as "goodRetries"`;

/** Platforms by day, from day $1 to day $2. */
export const selectPlatformDays = asJson(`
  select ${platformDay} from status.platform_days where day between $1::date and $2::date order by day, platform`);

/** How often each duration was counted after day $1. */
export const selectDurations = asJson(`
  select platform, day, array_agg(bucket) as buckets, array_agg(jobs) as jobs
  from status.duration_days where day > $1::date group by platform, day order by platform, day`);

/**
 * `platform = p.platform`, in words that make the planner walk the index by platform: told that they are equal, it takes
 * the index by number and passes every newer row of the other platforms.
 */
const onlyOf = (table: string) =>
  `${table}.platform >= p.platform and (${table}.platform, ${table}.id) <= (p.platform, 2147483647)`;

/** The newest $2 finished scrapes of each of the platforms $1, oldest first. */
export const selectPoints = asJson(`
  select j.* from json_array_elements_text($1::text::json) p (platform) cross join lateral (
    select j.platform, j.run_id as "runId", j.status, j.items_kept + j.items_done as items,
      j.items_total as "itemsTotal", j.failure_kind as "failureKind", j.accepted, j.retry_number as "retryNumber",
      j.started_at as "startedAt", j.finished_at as "finishedAt"
    from status.jobs j where ${onlyOf('j')} and j.finished_at is not null and j.backfill is null
    order by j.platform desc, j.id desc limit $2::int) j
  order by j."finishedAt", j."runId"`);

/** Steps summed after day $1. */
export const selectSteps = asJson(`
  select platform, step, sum(ran)::int as ran, sum(good)::int as good, sum(items_done) as "itemsDone",
    sum(items_failed) as "itemsFailed", sum(took_ms) as "tookMs"
  from status.step_days where day > $1::date group by platform, step order by platform, step`);

/** Failures summed after day $1, the most frequent first. */
export const selectFailures = asJson(`
  select platform, step, kind, sum(failures)::int as failures, sum(jobs)::int as jobs, max(last_run) as "lastRun"
  from status.failure_days where day > $1::date group by platform, step, kind
  order by jobs desc, failures desc, platform, step, kind`);

/** The newest $2 turns of each of the platforms $1, newest first. */
export const selectTurns = asJson(`
  select t.* from json_array_elements_text($1::text::json) p (platform) cross join lateral (
    select t.id, t.platform, t.good, t.run_id as "runId", t.status, t.failure_kind as "failureKind", t.at
    from status.turns t where t.platform = p.platform order by t.id desc limit $2::int) t
  order by t.at desc, t.id desc`);

/** What is still to end. */
export const selectOpenJobs = asJson(`
  select platform, run_id as "runId", status, attempt, retry_number as "retryNumber", items_total as "itemsTotal",
    items_kept + items_done as items, next_attempt_at as "nextAttemptAt", started_at as "startedAt",
    failure_kind as "failureKind"
  from status.jobs where finished_at is null order by run_id, id`);

const sums = `sum(completed)::int as completed, sum(partial)::int as partial, sum(failed)::int as failed,
  sum(cancelled)::int as cancelled, min(first_run) as "firstRun", max(last_run) as "lastRun"`;

/** Finished runs by month, newest first. */
export const selectMonths = asJson(`
  select to_char(day, 'YYYY-MM') as day, ${sums} from status.run_days group by 1 order by 1 desc`);

/** Finished runs by day, from day $1 to day $2. */
export const selectRunDays = asJson(`
  select day, ${sums} from status.run_days where day between $1::date and $2::date group by day order by day`);

/** The newest notes, past ones included. */
export const selectNotes = asJson(`
  select id, text, starts_at as "startsAt", ends_at as "endsAt" from status.notes order by ends_at desc, id desc limit 40`);

/** Schedules as they are at $1, those that are late first; and what was skipped after $2. */
export const selectSlots = asJson(`
  select s.schedule, case when not s.late and s.paused_at is null then s.next_slot end as "nextAt",
    case when s.late then s.next_slot end as "lateSinceAt", s.paused_at as "pausedAt", s.paused_until as "pausedUntilAt",
    coalesce(x.missed, 0) as missed, x.missed_at as "missedAt", coalesce(x.overlapped, 0) as overlapped,
    x.overlapped_at as "overlappedAt"
  from (select *, paused_at is null and coalesce(next_slot < $1::timestamptz - interval '2 minutes', false) as late
    from status.slots) s
  cross join lateral (
    select count(*) filter (where outcome = 'skipped_missed')::int as missed,
      max(slot) filter (where outcome = 'skipped_missed') as missed_at,
      count(*) filter (where outcome = 'skipped_overlap')::int as overlapped,
      max(slot) filter (where outcome = 'skipped_overlap') as overlapped_at
    from status.skipped_slots k where k.schedule = s.schedule and k.slot > $2::timestamptz) x
  order by not s.late, s.next_slot nulls last, s.schedule limit 50`);

/** Platforms that are left alone. */
export const selectBreakers = asJson(`
  select platform, since as "sinceAt", until as "untilAt", failing_since as "failingSinceAt", failures,
    kind as "failureKind", run_id as "runId", probes
  from status.breakers order by platform`);

/** Mutes that hold. */
export const selectMutes = asJson(`
  select platform, since as "sinceAt", until as "untilAt" from status.mutes order by platform`);
