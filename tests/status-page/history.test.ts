import postgres from 'postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { HistoryError, openHistory } from '#db/history.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { runSql } from './run-sql.ts';
import { story } from './story.ts';

const { url, database } = await testDatabase();

beforeAll(() => runSql(database, story));

describe('the history', () => {
  it('tells each platform’s newest finished job and its last complete one', async () => {
    await using history = await openHistory(url);
    const platforms = await history.platforms();
    expect(
      platforms.map(({ platform, status, runId, items, lastGoodRunId }) => [
        platform,
        status,
        runId,
        items,
        lastGoodRunId,
      ]),
    ).toEqual([
      ['bet9ja', 'completed', 6, 52, 6],
      ['betpawa', 'completed', 6, 99, 6],
      ['sportybet', 'completed', 5, 207, 5],
    ]);
    expect(platforms[0]?.finishedAt).toEqual(new Date('2024-11-23T13:36:10Z'));
  });

  it('tells the newest chains first, each with all its runs, oldest first', async () => {
    await using history = await openHistory(url);
    const chains = await history.latestChains(3);
    expect(chains.map((chain) => chain.runs.map((run) => run.id))).toEqual([[7], [5, 6], [4]]);
  });

  it('puts an old chain in front again when it is retried', async () => {
    await using scratch = await scratchDatabase();
    await runSql(scratch.database, story);
    await runSql(
      scratch.database,
      `insert into runs (id, status, trigger, trigger_key, retry_of, root_id, platforms, requested_by)
        values (8, 'pending', 'retry:3', 'a8', 3, 3, '{betpawa}', '{"surface":"console","id":"x","name":"x"}')`,
    );
    await using history = await openHistory(scratch.url);
    expect((await history.latestChains(2)).map((chain) => chain.runs.map((run) => run.id))).toEqual([[3, 8], [7]]);
  });

  it('tells a job’s steps as they ran and its failures counted, first error first', async () => {
    await using history = await openHistory(url);
    const chain = await history.chain(1);
    const broken = chain?.runs[0]?.jobs.find((job) => job.platform === 'bet9ja');
    expect(broken?.steps.map((step) => [step.name, step.attempt, step.status, step.itemsDone])).toEqual([
      ['discover', 1, 'success', 48],
      ['extract', 1, 'failed', 20],
      ['extract', 2, 'failed', 8],
      ['extract', 3, 'failed', 3],
    ]);
    expect(broken?.failures.map((failure) => [failure.kind, failure.step, failure.count])).toEqual([
      ['unreachable', 'extract', 1],
      ['rate_limited', 'extract', 17],
    ]);
    expect(chain?.runs[1]?.jobs[0]?.steps.map((step) => step.errorKind)).toEqual(['interrupted', null]);
  });

  it('has no chain for a number nobody gave, and none for a retry’s own number', async () => {
    await using history = await openHistory(url);
    expect(await history.chain(99)).toBeNull();
    expect(await history.chain(2)).toBeNull();
  });

  it('answers from one moment: what happens meanwhile is not seen by halves', async () => {
    await using scratch = await scratchDatabase();
    await using history = await openHistory(scratch.url);
    expect(await history.latestChains(9)).toEqual([]);
    await runSql(scratch.database, story);
    expect(await history.platforms()).toEqual([]);
  });

  it('knows nobody’s name and no detail', async () => {
    await using history = await openHistory(url);
    const everything = JSON.stringify([await history.platforms(), await history.latestChains(100)]);
    expect(everything).not.toMatch(/canary/i);
  });

  it('reads as a role that sees the views and no table', async () => {
    const client = postgres(url, { max: 1, fetch_types: false, connection: { role: 'rescrape_reader' } });
    const answers: string[] = [];
    for (const table of ['runs', 'jobs', 'steps', 'failures', 'actions', 'posts', 'work_items', 'events', 'odds']) {
      const code = await client.unsafe(`select 1 from public.${table} limit 1`).then(
        () => 'allowed',
        (error: { code: string }) => error.code,
      );
      answers.push(`${table} ${code}`);
    }
    expect(answers.filter((answer) => !answer.endsWith(' 42501'))).toEqual([]);
    expect(await client.unsafe('select count(*)::int as count from status.runs')).toEqual([{ count: 7 }]);
    await expect(client.unsafe(`delete from status.runs`)).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  it('is asked for by that role, and says what to do when the role was not given its rights', async () => {
    await using scratch = await scratchDatabase();
    await runSql(scratch.database, 'revoke select on all tables in schema status from rescrape_reader');
    await using history = await openHistory(scratch.url);
    await expect(history.platforms()).rejects.toThrow(/rescrape_reader may not read.*npm run db:migrate/);
  });

  it('reads with our own rights where the role is missing', async () => {
    await using history = await openHistory(url, { role: 'nobody_of_that_name' });
    expect(await history.platforms()).toHaveLength(3);
  });

  it('says what to do when the views are missing, and never what the database said', async () => {
    await using scratch = await scratchDatabase({ empty: true });
    await using history = await openHistory(scratch.url);
    const error = await history.platforms().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HistoryError);
    expect(String(error)).toMatch(/npm run db:migrate/);
    expect(String(error)).not.toMatch(/relation|status\.platforms/);
  });

  it('says what to do when nothing answers', async () => {
    const error = await openHistory('postgres://someone:geheim@127.0.0.1:1/x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HistoryError);
    expect(String(error)).toMatch(/ECONNREFUSED.*DATABASE_URL/s);
    expect(String(error)).not.toContain('geheim');
  });

  it('gives a question up at its deadline', async () => {
    await using scratch = await scratchDatabase();
    const locker = scratch.database.connect();
    await locker.run({ text: 'begin; lock table runs in access exclusive mode', deadlineMs: 10_000 });
    await using history = await openHistory(scratch.url, { deadlineMs: 200 });
    const error = await history.latestChains(1).catch((reason: unknown) => reason);
    locker.destroy();
    expect(error).toBeInstanceOf(HistoryError);
  });
});
