import { afterAll, describe, expect, it } from 'vitest';
import { createMetrics } from '#bot/metrics.ts';
import { startHttpServer } from '#bot/http-server.ts';
import { openDatabase } from '#db/client.ts';
import { testDatabase } from '../helpers/database.ts';
import { retriedChains } from '../helpers/retried-chains.ts';
import { runSql } from '../status-page/run-sql.ts';

const { database } = await testDatabase({ breaks: { all: 'its chains are written by hand, ended long ago' } });
const parts = {
  database,
  surfaces: [
    { name: 'slack' as const, state: () => ({ kind: 'up' as const }) },
    { name: 'discord' as const, state: () => ({ kind: 'down' as const, why: 'canary-token' }) },
  ],
  known: ['bet9ja', 'betpawa'],
  speaks: () => true,
  clock: { aheadMs: () => -300_000 },
  log: { warn: () => {} },
};
const metrics = createMetrics(parts);
afterAll(() => metrics[Symbol.dispose]());
await runSql(database, retriedChains({ chains: 4, fixed: 3, days: 2, firstRun: 1 }));
await runSql(
  database,
  `insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by)
   values (90, 'running', 'slack', 'x', 90, '{bet9ja,betpawa}', '{"surface":"slack","id":"U1","name":"Ada Canary"}');
   insert into jobs (run_id, root_id, platform, status, from_step) values (90, 90, 'bet9ja', 'pending', 'discover');
   insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_run, next_probe_at)
   values ('bet9ja', 5, now(), 'blocked', 1, now())`,
);

/** The samples of one metric, as they are written. */
async function samples(name: string, of = metrics): Promise<string[]> {
  const lines = (await of.text()).split('\n');
  return lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe('what is measured', () => {
  it('is counted in the database: the same from every process, and after a restart', async () => {
    expect(await samples('rescrape_runs_total')).toEqual([
      'rescrape_runs_total{status="completed"} 3',
      'rescrape_runs_total{status="partial"} 0',
      'rescrape_runs_total{status="failed"} 5',
      'rescrape_runs_total{status="cancelled"} 0',
    ]);
    const jobs = [
      'rescrape_jobs_total{platform="bet9ja",status="completed"} 3',
      'rescrape_jobs_total{platform="bet9ja",status="failed"} 5',
    ];
    expect(await samples('rescrape_jobs_total')).toEqual(jobs);
    using another = createMetrics(parts);
    expect(await samples('rescrape_jobs_total', another)).toEqual(jobs);
    expect(await samples('rescrape_attempts_total')).toEqual(['rescrape_attempts_total{platform="bet9ja"} 8']);
    expect(await samples('rescrape_retries_total')).toEqual([
      'rescrape_retries_total{platform="bet9ja",fixed="yes"} 3',
      'rescrape_retries_total{platform="bet9ja",fixed="no"} 1',
    ]);
    expect(await samples('rescrape_failures_total')).toEqual([
      'rescrape_failures_total{platform="bet9ja",step="extract",kind="unreachable"} 5',
    ]);
  });

  it('has durations as a histogram, whose buckets add up', async () => {
    const buckets = await samples('rescrape_scrape_seconds_bucket');
    expect(buckets.filter((line) => /le="(10|30|\+Inf)"/.test(line))).toEqual([
      'rescrape_scrape_seconds_bucket{platform="bet9ja",le="10"} 0',
      'rescrape_scrape_seconds_bucket{platform="bet9ja",le="30"} 3',
      'rescrape_scrape_seconds_bucket{platform="bet9ja",le="+Inf"} 3',
    ]);
    expect(await samples('rescrape_scrape_seconds_count')).toEqual([
      'rescrape_scrape_seconds_count{platform="bet9ja"} 3',
    ]);
  });

  it('tells what waits, what is left alone, and which surface is up', async () => {
    expect(await samples('rescrape_unfinished_jobs')).toContain('rescrape_unfinished_jobs{status="pending"} 1');
    expect(await samples('rescrape_breaker_open')).toEqual([
      'rescrape_breaker_open{platform="bet9ja"} 1',
      'rescrape_breaker_open{platform="betpawa"} 0',
    ]);
    expect(await samples('rescrape_clock_ahead_seconds')).toEqual(['rescrape_clock_ahead_seconds -300']);
    expect(await samples('rescrape_surface_up')).toEqual([
      'rescrape_surface_up{surface="slack"} 1',
      'rescrape_surface_up{surface="discord"} 0',
    ]);
  });

  it('times what people wait for, also when it breaks, by surface and by what they did', async () => {
    const press = {
      surface: 'slack',
      asked: { kind: 'press' as const, action: 'v1:x', on: { kind: 'private' as const } },
    };
    expect(await metrics.timed(press, async () => 'said')).toBe('said');
    await expect(metrics.timed(press, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(await samples('rescrape_answer_seconds_count')).toEqual([
      'rescrape_answer_seconds_count{surface="slack",kind="press"} 2',
    ]);
  });

  it('is served on /metrics, well formed, without names of people and secrets', async () => {
    const ready = async () => ({ ready: true, checks: {} });
    const server = await startHttpServer({
      port: 0,
      statusDir: '.',
      ready,
      metrics: metrics.text,
      log: { warn: () => {} },
    });
    const answer = await fetch(`${server.url}/metrics`);
    const text = await answer.text();
    await server.close();
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).not.toMatch(/canary|Ada|NaN|undefined/i);
    const odd = text
      .split('\n')
      .filter((line) => !/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\n]*",?)+\})? [\d.e+-]+|)$/.test(line));
    expect(odd).toEqual([]);
  });

  it('says that the database does not answer, and the rest all the same', async () => {
    const gone = openDatabase('postgres://nobody@127.0.0.1:1/none');
    using without = createMetrics({ ...parts, database: gone });
    expect(await samples('rescrape_database_up', without)).toEqual(['rescrape_database_up 0']);
    expect(await samples('rescrape_surface_up', without)).toHaveLength(2);
    await gone.close();
  });
});
