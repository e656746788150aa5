/** The job service as the settings want it: limits, attempts, and what is expected of a delivery. */
import type { Database } from '#db/client.ts';
import type { Platform } from '#scraper/index.ts';
import type { Config } from './config.ts';
import { createJobService } from './job-service.ts';
import type { LossTiming } from './connection-loss.ts';
import type { Log } from './log.ts';
import { expectedOf } from './platform-settings.ts';
import { retryRules } from './retry-settings.ts';
import type { startQueue } from './queue.ts';

/** The job service as bot and worker both need it. */
export function jobServiceOf(
  config: Config,
  database: Database,
  queue: Awaited<ReturnType<typeof startQueue>>,
  platforms: readonly Platform[],
  log: Log,
) {
  const { breaker, retry, parallelPlatforms } = config.settings;
  return createJobService({
    database,
    queue,
    limits: { parallelPlatforms, jobsPerPlatform: 1, platforms: platforms.map((platform) => platform.id) },
    rules: retryRules(retry),
    expected(id) {
      const platform = platforms.find((one) => one.id === id);
      return platform === undefined ? null : expectedOf(platform, config.settings);
    },
    ends: { loss: lossTiming(config.settings), maxRunHours: config.settings.maxRunHours },
    breaker: {
      failures: breaker.failures,
      coolMs: breaker.coolMinutes * 60_000,
      longestMs: breaker.longestMinutes * 60_000,
    },
    log,
    random: Math.random,
  });
}

/** When a run counts as lost, and when its home as back. */
export function lossTiming({ connectionLoss }: Config['settings']): LossTiming {
  return { graceMs: connectionLoss.graceSeconds * 1_000, stableMs: connectionLoss.stableSeconds * 1_000 };
}
