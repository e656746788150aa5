import { describe, expect, it } from 'vitest';
import type { Database } from '#db/client.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';
import { runSql } from '../status-page/run-sql.ts';
import { story } from '../status-page/story.ts';

const { database } = await testDatabase({ breaks: { all: 'a history told by hand' } });

const tables: Record<string, string> = {
  chain_results: 'root_id, platform, day, state',
  platform_days: '*',
  duration_days: '*',
  step_days: '*',
  failure_days: '*',
  retry_days: '*',
  end_days: '*',
  run_days: '*',
  platform_turns: 'platform, good, run_id, status, failure_kind, at',
};

async function rows(of: Database, text: string): Promise<Record<string, unknown>[]> {
  const link = of.connect();
  try {
    return (await link.run({ text, deadlineMs: 10_000 })) as unknown as Record<string, unknown>[];
  } finally {
    await link.end();
  }
}

async function counts(of: Database): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const [table, columns] of Object.entries(tables)) {
    const found = await rows(of, `select ${columns} from ${table}`);
    all[table] = found.map((row) => JSON.stringify(row)).sort();
  }
  return all;
}

describe('the rollups', () => {
  it('come to the same whether counted as things end or all anew', async () => {
    await runSql(database, story);
    const kept = await counts(database);
    expect(Object.entries(kept).filter(([, found]) => found.length === 0)).toEqual([]);
    await runSql(database, 'select rollup.recount()');
    expect(await counts(database)).toEqual(kept);
  });

  it('tell a platform’s day by what its chains came to, a retry counted under the day of its first run', async () => {
    const found = await rows(
      database,
      `select platform, complete, retried, partial, failed, missed, retries, good_retries
       from platform_days order by platform`,
    );
    expect(found.map((row) => Object.values(row))).toEqual([
      ['bet9ja', 1, 2, 0, 0, 0, 1, 1],
      ['betpawa', 1, 1, 1, 0, 0, 0, 0],
      ['sportybet', 3, 0, 0, 1, 0, 0, 0],
    ]);
  });

  it('count a job as good from the moment somebody took it as it is', async () => {
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    await runSql(scratch.database, story);
    await runSql(
      scratch.database,
      `insert into acceptances (job_id, actor, why) values (7, '{"surface":"slack","id":"u1","name":"Ada Canary"}', 'ok')`,
    );
    const days = await rows(
      scratch.database,
      `select complete, retried, partial, jobs, good_jobs from platform_days where platform = 'betpawa'`,
    );
    expect(days.map((row) => Object.values(row))).toEqual([[2, 1, 0, 3, 3]]);
    expect(await rows(scratch.database, `select 1 from platform_turns where platform = 'betpawa'`)).toHaveLength(1);
    const kept = await counts(scratch.database);
    await runSql(scratch.database, 'select rollup.recount()');
    expect(await counts(scratch.database)).toEqual(kept);
  });

  it('follow jobs as they really end: tried again, retried by people, several at once', async () => {
    await using scratch = await scratchDatabase();
    await using house = await openHouse(scratch.url);
    for (let round = 0; round < 3; round++) {
      const run = await house.runs.start(anIntent(), []);
      if (run.kind !== 'started') throw new Error('expected a run');
      const held = await Promise.all([house.take(), house.take(), house.take()]);
      await Promise.all(
        held.map(async (job) => {
          await house.jobs.stepStarted(job, 'discover');
          const broken = job.platform === 'bet9ja' ? aFailure('bet9ja', 'blocked') : null;
          if (broken !== null) await house.jobs.failed(job, [broken]);
          await house.jobs.endAttempt(job, aResult(broken === null ? 'completed' : 'failed', broken));
        }),
      );
      const retry = await house.runs.retry(anIntent(), { run: run.runId, platforms: [], pressed: false });
      expect(retry.kind).toBe('started');
      const again = await house.take();
      await house.jobs.endAttempt(
        again,
        aResult(round === 0 ? 'failed' : 'completed', round === 0 ? aFailure('bet9ja', 'blocked') : null),
      );
    }
    const days = await rows(
      scratch.database,
      'select platform, complete, retried, failed from platform_days order by platform',
    );
    expect(days.map((row) => Object.values(row))).toEqual([
      ['bet9ja', 0, 2, 1],
      ['betpawa', 3, 0, 0],
      ['sportybet', 3, 0, 0],
    ]);
    const kept = await counts(scratch.database);
    await runSql(scratch.database, 'select rollup.recount()');
    expect(await counts(scratch.database)).toEqual(kept);
  });
});
