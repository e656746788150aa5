import postgres from 'postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { HistoryError, openHistory } from '#db/history.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { runSql } from './run-sql.ts';
import { storyMoment } from './build-pages.ts';
import { story } from './story.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });

beforeAll(() => runSql(database, story));

describe('the history', () => {
  it('tells each platform’s newest finished job and its last complete one', async () => {
    await using history = await openHistory(url);
    const { platforms } = await history.live(storyMoment);
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

  it('tells since when a platform delivers or does not', async () => {
    await using history = await openHistory(url);
    const { platforms, turns } = await history.live(storyMoment);
    expect(platforms.map(({ platform, good, sinceRunId }) => [platform, good, sinceRunId])).toEqual([
      ['bet9ja', true, 2],
      ['betpawa', true, 6],
      ['sportybet', true, 5],
    ]);
    expect(turns.filter(({ platform }) => platform === 'betpawa').map(({ good, runId }) => [runId, good])).toEqual([
      [6, true],
      [3, false],
      [1, true],
    ]);
  });

  it('tells the newest runs first, each with the numbers of its chain', async () => {
    await using history = await openHistory(url);
    const { runs } = await history.live(storyMoment);
    expect(runs.map(({ id, chain }) => [id, chain])).toEqual([
      [7, [7]],
      [6, [5, 6]],
      [5, [5, 6]],
      [4, [4]],
      [3, [3]],
      [2, [1, 2]],
      [1, [1, 2]],
    ]);
    expect((await history.runRows(2, 4)).map(({ id }) => id)).toEqual([4, 3, 2]);
  });

  it('tells days as cells: a retry counts for the day of its first run', async () => {
    await using history = await openHistory(url);
    const { days, months } = await history.live(storyMoment);
    expect(days.find(({ platform }) => platform === 'bet9ja')).toMatchObject({
      day: '2024-11-23',
      complete: 1,
      retried: 2,
      partial: 0,
      failed: 0,
      retries: 1,
      goodRetries: 1,
    });
    expect(months).toEqual([
      { day: '2024-11', completed: 2, partial: 2, failed: 2, cancelled: 0, firstRun: 1, lastRun: 6 },
    ]);
    const { days: later } = await history.live(new Date('2025-03-01T00:00:00Z'));
    expect(later).toEqual([]);
  });

  it('tells how long whole scrapes took, within 3 percent', async () => {
    await using history = await openHistory(url);
    const { durations } = await history.live(storyMoment);
    const sportybet = durations.filter(({ platform }) => platform === 'sportybet');
    expect(sportybet.map(({ day, jobs }) => [day, jobs])).toEqual([
      [null, 3],
      ['2024-11-23', 3],
    ]);
    expect(Math.abs((sportybet[0]?.p50Ms ?? 0) - 99_000)).toBeLessThan(3_000);
    expect(Math.abs((sportybet[0]?.p95Ms ?? 0) - 120_000)).toBeLessThan(3_600);
  });

  it('tells which chains can have changed: those of new runs and of runs that had not ended', async () => {
    await using history = await openHistory(url);
    expect(await history.frontier()).toEqual({ newest: 7, open: [7] });
    expect((await history.changedRoots({ newest: 5, open: [2] })).sort((a, b) => a - b)).toEqual([1, 5, 7]);
    expect(await history.changedRoots({ newest: 7, open: [] })).toEqual([]);
    expect((await history.rootsBetween(2, 5)).sort((a, b) => a - b)).toEqual([3, 4, 5]);
  });

  it('tells a job’s steps as they ran and its failures counted, first error first', async () => {
    await using history = await openHistory(url);
    const [chain] = await history.chains([1]);
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
    expect(await history.chains([99, 2])).toEqual([]);
  });

  it('answers from one moment: what happens meanwhile is not seen by halves', async () => {
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    await using history = await openHistory(scratch.url);
    expect((await history.frontier()).newest).toBe(0);
    await runSql(scratch.database, story);
    expect((await history.live(storyMoment)).platforms).toEqual([]);
  });

  it('knows nobody’s name and no detail', async () => {
    await using history = await openHistory(url);
    const everything = JSON.stringify([await history.live(storyMoment), await history.chains([1, 2, 3, 4, 5, 6, 7])]);
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
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    await runSql(scratch.database, 'revoke select on all tables in schema status from rescrape_reader');
    await using history = await openHistory(scratch.url);
    await expect(history.live(storyMoment)).rejects.toThrow(/rescrape_reader may not read.*npm run db:migrate/);
  });

  it('reads with our own rights where the role is missing', async () => {
    await using history = await openHistory(url, { role: 'nobody_of_that_name' });
    expect((await history.live(storyMoment)).platforms).toHaveLength(3);
  });

  it('says what to do when the views are missing, and never what the database said', async () => {
    await using scratch = await scratchDatabase({ empty: true });
    await using history = await openHistory(scratch.url);
    const error = await history.frontier().catch((reason: unknown) => reason);
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

  it('is read by one process at a time where that is asked for, and the next one sees what the one before saw', async () => {
    const first = await openHistory(url, { alone: 'a place' });
    const waiting = openHistory(url, { alone: 'a place' });
    const refused = openHistory(url, { alone: 'a place', deadlineMs: 100 });
    await expect(refused).rejects.toThrow('Another process is at work on the same status page.');
    await using other = await openHistory(url, { alone: 'another place' });
    expect((await other.frontier()).newest).toBe(7);
    await first.close();
    await using second = await waiting;
    expect((await second.frontier()).newest).toBe(7);
  });

  it('gives a question up at its deadline', async () => {
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    const locker = scratch.database.connect();
    await locker.run({ text: 'begin; lock table runs in access exclusive mode', deadlineMs: 10_000 });
    await using history = await openHistory(scratch.url, { deadlineMs: 200 });
    const error = await history.frontier().catch((reason: unknown) => reason);
    locker.destroy();
    expect(error).toBeInstanceOf(HistoryError);
  });

  it('tells what a run backfills, and does not take it for a scrape', async () => {
    await using before = await openHistory(url);
    const { platforms, points, turns, days } = await before.live(storyMoment);
    const broke = "'failed', 0, 1, 'images', 'images', true, 50, 0, 3, 5, 'unreachable'";
    await runSql(
      database,
      `insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by, created_at, started_at, finished_at)
       select 8, 'failed', 'slack', 'a8', 8, '{bet9ja}', requested_by, created_at, started_at, now() from runs where id = 7;
       insert into jobs (id, run_id, root_id, platform, status, retry_number, attempt, from_step, item_step, discovered, items_total,
         items_kept, items_done, items_failed, failure_kind, backfill, created_at, started_at, finished_at)
       overriding system value select 17, 8, 8, 'bet9ja', ${broke}, 'images', created_at, created_at, now() from runs where id = 7`,
    );
    await using after = await openHistory(url);
    const now = await after.live(storyMoment);
    expect(now.runs.slice(0, 2).map(({ id, backfill }) => [id, backfill])).toEqual([
      [8, 'images'],
      [7, null],
    ]);
    expect(now).toMatchObject({ platforms, points, turns, days });
  });
});
