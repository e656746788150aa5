import { beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { openHouse } from '../helpers/house.ts';
import { breaches, expectUnbroken, invariants } from '../helpers/invariants.ts';
import { soundHistory } from './sound-history.ts';

const { url, db } = await testDatabase();

beforeAll(async () => {
  for (const text of soundHistory) await db.execute(sql.raw(text));
  await using house = await openHouse(url);
  await db.transaction((tx) => house.queue.enqueue(tx, [7]));
});

/**
 * Breaks each rule, and no other. Triggers and foreign keys are switched off for it, and `drop` takes away what makes it
 * impossible: a check or an index that somebody may take away by mistake one day.
 */
const broken: Record<string, { drop?: string; by: string[] }> = {
  'runs-end': { by: [`update runs set created_at = now() - interval '2 days' where id = 7`] },
  'run-has-its-platforms': { by: [`update runs set platforms = '{sportybet,betpawa}' where id = 7`] },
  'finished-run-has-finished-jobs': { by: [`update jobs set status = 'pending', finished_at = null where id = 7`] },
  'run-ends-with-its-last-job': {
    by: [
      `update jobs set status = 'completed', failure_kind = null, next_attempt_at = null, finished_at = now() where id = 11`,
    ],
  },
  'run-is-the-sum-of-its-jobs': { by: [`update runs set status = 'partial' where id = 4`] },
  'run-has-begun-with-its-first-job': { by: [`update runs set status = 'running' where id = 7`] },
  'numbers-follow-one-another': {
    by: ['actions', 'jobs', 'runs'].map(
      (table) => `delete from ${table} where ${table === 'runs' ? 'id' : 'run_id'} = 7`,
    ),
  },
  'one-unfinished-job-in-a-chain': {
    drop: 'drop index jobs_one_unfinished',
    by: [
      `insert into runs (id, trigger, trigger_key, retry_of, root_id, platforms, requested_by)
       values (9, 'retry:1', 'slack:a9', 1, 1, '{bet9ja}', '{}')`,
      `insert into jobs (id, run_id, root_id, platform, retry_number, from_step) overriding system value
       values (12, 9, 1, 'bet9ja', 2, 'discover')`,
      `insert into actions (surface, id, actor, name, args, outcome, answer, run_id)
       values ('slack', 'a9', '{}', 'retry', '{}', 'started', '{}', 9)`,
    ],
  },
  'retries-are-counted': { by: [`update jobs set retry_number = 2 where id = 6`] },
  'first-jobs-are-no-retries': { by: [`update jobs set retry_number = 0 where id = 6`] },
  'redone-after-its-end': {
    by: [`update jobs set started_at = now() - interval '146 minutes', heartbeat_at = now() where id = 6`],
  },
  'chains-hold-together': { by: [`update runs set trigger = 'retry:2' where id = 3`] },
  'continued-from-the-chain': { by: [`update jobs set source_job_id = 7 where id = 6`] },
  'job-counts-its-items': { by: [`update jobs set items_done = 1 where id = 1`] },
  'further-steps-count-their-items': {
    by: [`insert into further_items (job_id, step, total) values (1, 'images', 1)`],
  },
  'later-items-are-counted': {
    by: [`insert into work_items (job_id, step, key, payload, status) values (1, 'images', 'c', '{}', 'done')`],
  },
  'complete-means-complete': {
    by: [
      `update work_items set status = 'pending' where job_id = 1 and key = 'b'`,
      `update jobs set items_done = 1 where id = 1`,
    ],
  },
  'held-by-one-worker': { by: [`update jobs set lease_owner = null where id = 6`] },
  'lost-leases-are-taken': {
    by: [
      `update jobs set started_at = now() - interval '1 hour', heartbeat_at = now() - interval '1 hour' where id = 6`,
    ],
  },
  'three-crashes-are-enough': { by: [`update jobs set crashes = 3 where id = 6`] },
  'waiting-after-an-attempt': { by: [`update jobs set failure_kind = null where id = 11`] },
  'skipped-was-never-begun': { by: [`update jobs set started_at = finished_at where id = 9`] },
  'failed-jobs-say-why': { by: [`delete from failures where job_id = 2`] },
  'complete-jobs-have-no-failure': { by: [`update jobs set failure_kind = 'blocked' where id = 7`] },
  'open-steps-are-held': { by: [`update steps set lease = 0 where job_id = 6`] },
  'cancelled-by-somebody': { by: [`update runs set cancelled_by = null where id = 5`] },
  'lost-runs-say-since-when': { by: [`update runs set lost_since = null where id = 1`] },
  'only-watched-runs-are-lost': { by: [`update runs set home_surface = null where id = 1`] },
  'one-rescrape': {
    drop: 'alter table runs drop constraint runs_one_rescrape',
    by: [
      `update runs set retry_of = null, rescrape_of = 1, trigger = 'rescrape:1' where id = 3`,
      `update jobs set rescrape = true, retry_number = 0 where run_id = 3`,
      `delete from actions where run_id = 3`,
    ],
  },
  'rescrape-takes-the-rest': { by: [`update jobs set rescrape = true where id = 10`] },
  'started-once': { by: [`delete from actions where run_id = 7`] },
  'every-action-is-decided': {
    by: [
      `insert into actions (surface, id, actor, name, args, outcome, answer) values ('slack', 'a', '{}', 'now', '{}', 'pending', '{}')`,
    ],
  },
  'slots-have-their-run': {
    by: [`update runs set trigger_key = 'schedule:nightly:2026-01-02T04:00:00.000Z' where id = 4`],
  },
  'slots-are-not-early': { by: [`update schedule_slots set decided_at = slot - interval '1 second'`] },
  'posts-arrive': {
    by: [`update posts set state = 'sending', updated_at = now() - interval '1 hour' where slot = 'job:sportybet'`],
  },
  'no-post-without-its-thread': { by: [`delete from posts where slot = 'card'`] },
  'one-row-for-a-message': { by: [`update notices set ref = '{"ts":"1.1"}'`] },
  'one-open-breaker': {
    drop: 'drop index breaker_terms_one_open',
    by: [
      `insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_run, next_probe_at)
       values ('bet9ja', 1, now(), 'blocked', 1, now())`,
    ],
  },
  'breakers-have-their-runs': { by: [`update breaker_terms set opened_run = 4`] },
  'left-alone-for-a-reason': { by: [`update breaker_terms set opened_at = now()`] },
  'one-open-cause': {
    drop: 'drop index common_causes_one_open',
    by: [
      `insert into common_causes (fingerprint, platforms, since, opened_run)
       values ('proxy', '{bet9ja,betpawa}', now(), 2), ('proxy', '{bet9ja,betpawa}', now(), 2)`,
    ],
  },
  'causes-have-their-runs': { by: [`update common_causes set platforms = '{bet9ja,bet9ja}'`] },
  'one-open-outage': { by: [`update outages set ended_at = began_at - interval '1 second'`] },
  'one-open-mute': { by: [`update mutes set ended_run = 1`] },
  'accepted-was-doubtful': { by: [`insert into acceptances (job_id, actor, why) values (2, '{}', 'looks good')`] },
  'prices-follow-from-changes': { by: [`update odds set price = 2.2`, `delete from odds_digests`] },
  'digests-tell-what-is-stored': { by: [`update odds set source_market_id = 'another'`] },
  'days-are-counted': { by: [`update run_days set completed = completed + 1`] },
  'queue-wakes-and-no-more': { by: [`update pgboss.job set output = '{"message":"Bearer secret"}'`] },
  'queue-is-drained': { by: [`update pgboss.job set start_after = now() - interval '1 hour'`] },
};

class RollBack extends Error {}

/** What would be broken if this were done; it is not. */
async function wouldBreak({ drop, by }: { drop?: string; by: string[] }): Promise<string[]> {
  let found: string[] = [];
  const trying = db.transaction(async (tx: Db) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    if (drop !== undefined) await tx.execute(sql.raw(drop));
    for (const text of by) await tx.execute(sql.raw(text));
    found = (await breaches(tx)).map((breach) => breach.invariant);
    throw new RollBack();
  });
  await expect(trying).rejects.toThrow(RollBack);
  return [...new Set(found)];
}

describe('the rules that hold at every moment', () => {
  it('are not broken by a sound history', async () => {
    expect(await breaches(db)).toEqual([]);
  });

  it('have each something that breaks them', () => {
    expect(Object.keys(broken)).toEqual(invariants.map((one) => one.name));
  });

  it.each(Object.entries(broken))('%s: is broken by a row that breaks it, and nothing else is', async (name, how) => {
    expect(await wouldBreak(how)).toEqual([name]);
  });

  it('are told in words, with the row, and may be excused by name', async () => {
    await using scratch = await scratchDatabase({ breaks: { 'every-action-is-decided': 'this test is about it' } });
    await scratch.db.execute(
      sql`insert into actions (surface, id, actor, name, args, outcome, answer) values ('slack', 'a', '{}', 'now', '{}', 'pending', '{}')`,
    );
    await expect(expectUnbroken(scratch.db, new Set())).rejects.toThrow(
      /every-action-is-decided: Whatever was asked for was answered: started, done, or refused for a reason\.\n {2}broken by .*pending/,
    );
  });

  it('are looked at when a database of one test is closed, and an excuse must name a rule', async () => {
    const scratch = await scratchDatabase();
    await scratch.db.execute(
      sql`insert into actions (surface, id, actor, name, args, outcome, answer) values ('slack', 'a', '{}', 'now', '{}', 'pending', '{}')`,
    );
    await expect(scratch[Symbol.asyncDispose]()).rejects.toThrow(/every-action-is-decided/);
    const other = await scratchDatabase({ breaks: { 'no-such-rule': 'because' } });
    await expect(other[Symbol.asyncDispose]()).rejects.toThrow(/has no rule no-such-rule/);
  });
});
