/**
 * What `/metrics` tells Prometheus. What happened to runs is counted in the database, so that every process says the same
 * and a restart forgets nothing; what this process is and does (surfaces, presses, memory) is its own.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Database } from '#db/client.ts';
import { readMetrics, type DatabaseMetrics } from '#db/metrics.ts';
import type { Request, Surface } from '#bot/chat/surface.ts';
import type { WatchedClock } from './clock.ts';
import type { Log } from './log.ts';
import { histogram, metric, type Distribution } from './prometheus-text.ts';
import { watchStandstill } from './standstill.ts';

/** What is measured. */
export interface MetricsParts {
  database: Database;
  surfaces: readonly Pick<Surface, 'name' | 'state'>[];
  /** Platforms that are set up. */
  known: readonly string[];
  /** Whether this process is the one that speaks. */
  speaks: () => boolean;
  clock: Pick<WatchedClock, 'aheadMs'>;
  log: Pick<Log, 'warn'>;
}

/** Counts and times until it is disposed of. */
export interface Metrics extends Disposable {
  /** Times how long a request takes to be answered; answers what `work` answers. */
  timed<T>(request: Pick<Request, 'surface' | 'asked'>, work: () => Promise<T>): Promise<T>;
  text(): Promise<string>;
  /** The longest time of the last minute in which nothing in this process went on, milliseconds; 0 below two seconds. */
  standstillMs(): number;
}

/** Seconds: a person waits for the first of these, a scrape takes the second. */
const ANSWER_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SCRAPE_SECONDS = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Begins to measure this process. */
export function createMetrics({ database, surfaces, known, speaks, clock, log }: MetricsParts): Metrics {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const standstill = watchStandstill(log);
  const answered = new Map<string, Distribution>();
  let reading: Promise<DatabaseMetrics | null> | null = null;

  /** Whoever asks while it is being read gets the same answer: many who ask cost as much as one. */
  function read(): Promise<DatabaseMetrics | null> {
    reading ??= readMetrics(database.db)
      .catch(() => null)
      .finally(() => (reading = null));
    return reading;
  }

  function note(surface: string, kind: string, seconds: number): void {
    const key = `${surface} ${kind}`;
    const before = answered.get(key) ?? distribution({ surface, kind }, ANSWER_SECONDS);
    answered.set(key, add(before, seconds, 1));
  }

  return {
    async timed(request, work) {
      const began = performance.now();
      try {
        return await work();
      } finally {
        note(request.surface, request.asked.kind, (performance.now() - began) / 1_000);
      }
    },
    async text() {
      const counted = await read();
      const ups = surfaces.map((one) => sample({ surface: one.name }, Number(one.state().kind === 'up')));
      const { cpuSeconds, memory } = usage();
      return [
        metric('gauge', 'rescrape_database_up', 'Whether the database answered.', [
          sample({}, Number(counted !== null)),
        ]),
        ...(counted === null ? [] : databaseText(counted, known)),
        metric('gauge', 'rescrape_surface_up', 'Whether this process is connected to a surface.', ups),
        metric('gauge', 'rescrape_speaks', 'Whether this process is the one that speaks.', [
          sample({}, Number(speaks())),
        ]),
        histogram('rescrape_answer_seconds', 'How long requests from chat took this process to answer.', [
          ...answered.values(),
        ]),
        metric('gauge', 'rescrape_event_loop_delay_seconds', 'The 99th of 100 delays of the event loop.', [
          sample({}, Number.isNaN(delay.mean) ? 0 : delay.percentile(99) / 1e9),
        ]),
        metric('gauge', 'rescrape_clock_ahead_seconds', "This machine's clock beyond the database's; 0 up to 30.", [
          sample({}, clock.aheadMs() / 1_000),
        ]),
        metric('counter', 'process_cpu_seconds_total', 'Processor time of this process.', [sample({}, cpuSeconds)]),
        metric('gauge', 'process_resident_memory_bytes', 'Memory of this process.', [sample({}, memory)]),
      ].join('');
    },
    standstillMs: () => standstill.longestMs(),
    [Symbol.dispose]() {
      standstill[Symbol.dispose]();
      delay.disable();
    },
  };
}

function databaseText(counted: DatabaseMetrics, known: readonly string[]): string[] {
  const { runs, jobs, retries, failures, durations, unfinished, leftAlone } = counted;
  const byPlatform = Map.groupBy(durations, ({ platform }) => platform);
  const took = [...byPlatform].map(([platform, rows]) => {
    let sum = distribution({ platform }, SCRAPE_SECONDS);
    for (const { bucket, jobs: times } of rows) sum = add(sum, Math.exp(bucket / 20) / 1_000, times);
    return sum;
  });
  return [
    metric(
      'counter',
      'rescrape_runs_total',
      'Runs that ended, by status; failed ones include those that lost their connection.',
      runs.map((one) => sample({ status: one.status }, one.runs)),
    ),
    metric(
      'counter',
      'rescrape_jobs_total',
      'Platforms of runs that ended, by status; without backfills.',
      jobs.map(({ platform, status, jobs: count }) => sample({ platform, status }, count)),
    ),
    metric(
      'counter',
      'rescrape_attempts_total',
      'Automatic attempts that these took, first ones included.',
      [...Map.groupBy(jobs, ({ platform }) => platform)].map(([platform, rows]) =>
        sample(
          { platform },
          rows.reduce((sum, { attempts }) => sum + attempts, 0),
        ),
      ),
    ),
    metric(
      'counter',
      'rescrape_retries_total',
      'Retries that people started and that ended, by whether they fixed it.',
      retries.flatMap(({ platform, fixed, retries: all }) => [
        sample({ platform, fixed: 'yes' }, fixed),
        sample({ platform, fixed: 'no' }, all - fixed),
      ]),
    ),
    metric(
      'counter',
      'rescrape_failures_total',
      'Failures, those that a further attempt overcame included.',
      failures.map(({ platform, step, kind, failures: count }) => sample({ platform, step, kind }, count)),
    ),
    histogram('rescrape_scrape_seconds', 'How long whole good scrapes took, exact to 2.5 percent.', took),
    metric(
      'gauge',
      'rescrape_unfinished_jobs',
      'Jobs that are not finished: pending wait for a worker, waiting for their next attempt.',
      unfinished.map(({ status, jobs: count }) => sample({ status }, count)),
    ),
    metric(
      'gauge',
      'rescrape_oldest_unfinished_job_seconds',
      'Since when the oldest of these has been asked for.',
      unfinished.map(({ status, oldest }) => sample({ status }, oldest)),
    ),
    metric(
      'gauge',
      'rescrape_breaker_open',
      'Whether a platform is left alone because it kept failing.',
      [...new Set([...known, ...leftAlone])].map((platform) =>
        sample({ platform }, Number(leftAlone.includes(platform))),
      ),
    ),
  ];
}

function sample(labels: Record<string, string>, value: number): { labels: Record<string, string>; value: number } {
  return { labels, value };
}

function distribution(labels: Record<string, string>, bounds: readonly number[]): Distribution {
  return { labels, atMost: bounds.map((seconds) => ({ seconds, count: 0 })), count: 0, sum: 0 };
}

function add(to: Distribution, seconds: number, times: number): Distribution {
  const atMost = to.atMost.map((one) => ({ ...one, count: one.count + (seconds <= one.seconds ? times : 0) }));
  return { ...to, atMost, count: to.count + times, sum: to.sum + seconds * times };
}

function usage(): { cpuSeconds: number; memory: number } {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, memory: process.memoryUsage.rss() };
}
