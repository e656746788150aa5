/** A worker as the settings want it: limits, attempts, what is expected of a delivery, where answers and files are kept. */
import { join } from 'node:path';
import { hostPausesIn } from '#db/host-pauses.ts';
import { createFileStore, type Platform } from '#scraper/index.ts';
import type { Config } from './config.ts';
import { createEvidenceService } from './evidence-service.ts';
import type { Ground } from './ground.ts';
import { createJobService, type JobService } from './job-service.ts';
import type { LossTiming } from './connection-loss.ts';
import type { Log } from './log.ts';
import { expectedOf } from './platform-settings.ts';
import { retryRules } from './retry-settings.ts';
import { startRunWorker, type RunWorker } from './run-worker.ts';

/** What a configured worker is made from. */
export interface ConfiguredWorkerParts {
  config: Config;
  ground: Ground;
  /** With what is set about them. */
  platforms: readonly Platform[];
  /** Names this process in the leases it takes. */
  owner: string;
  log: Log;
}

/** Starts the worker of a bot or of a worker process. */
export function startConfiguredWorker(parts: ConfiguredWorkerParts): Promise<RunWorker> {
  const { config, platforms, owner, log } = parts;
  const { database, queue } = parts.ground;
  return startRunWorker({
    jobs: jobServiceOf(parts),
    pauses: hostPausesIn(database.db),
    evidence: createEvidenceService(database, config.settings.keepRaw),
    database,
    files: createFileStore(join(config.dataDir, 'images')),
    queue,
    findPlatform: (id) => platforms.find((platform) => platform.id === id),
    baseUrls: config.baseUrls,
    proxyUrls: config.proxyUrls,
    slots: config.settings.workerSlots,
    owner,
    log,
  });
}

function jobServiceOf({ config, ground: { database, queue }, platforms, log }: ConfiguredWorkerParts): JobService {
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
