/** Half and 95 of 100 durations, out of the buckets they are counted in. */
import type { Durations } from './history-types.ts';

/** A platform's day as it is counted: how many jobs (`jobs[n]`) took as long as `buckets[n]` says. */
export interface DurationCounts {
  platform: string;
  day: string;
  buckets: number[];
  jobs: number[];
}

/** Each platform's durations: first over all its days, then day by day, in the order given. */
export function durationsOf(counted: readonly DurationCounts[]): Durations[] {
  const byPlatform = Map.groupBy(counted, ({ platform }) => platform);
  return [...byPlatform].flatMap(([platform, days]) => [
    sum(platform, null, days),
    ...days.map((day) => sum(platform, day.day, [day])),
  ]);
}

function sum(platform: string, day: string | null, counted: readonly DurationCounts[]): Durations {
  const counts = new Map<number, number>();
  for (const { buckets, jobs } of counted) {
    for (const [index, bucket] of buckets.entries()) {
      counts.set(bucket, (counts.get(bucket) ?? 0) + (jobs[index] ?? 0));
    }
  }
  const sorted = [...counts].toSorted(([a], [b]) => a - b);
  let all = 0;
  for (const [, jobs] of sorted) all += jobs;
  return { platform, day, p50Ms: reachedMs(sorted, 0.5 * all), p95Ms: reachedMs(sorted, 0.95 * all), jobs: all };
}

/** The duration that so many of the jobs did not exceed; a bucket is the rounded 20-fold natural logarithm of milliseconds. */
export function reachedMs(sorted: readonly (readonly [bucket: number, jobs: number])[], wanted: number): number {
  let passed = 0;
  for (const [bucket, jobs] of sorted) {
    passed += jobs;
    if (passed >= wanted) return Math.round(Math.exp(bucket / 20));
  }
  return 0;
}
