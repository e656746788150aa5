/** The status page as the bot has it: the publisher, and the team's own command after it. */
import { join, resolve } from 'node:path';
import type { Database } from '#db/client.ts';
import { PAGE_CHANNEL } from '#db/page-channel.ts';
import type { Chain } from '#db/run-facts.ts';
import { failureKinds, type FailureKind } from '#scraper/errors.ts';
import type { Config } from '#bot/config.ts';
import { errorFields, type Log } from '#bot/log.ts';
import { until } from '#bot/until.ts';
import { nap } from '#db/nap.ts';
import { retryRules } from '#bot/retry-settings.ts';
import { policyFor } from '#bot/runs/retry-policy.ts';
import { createAfterSwap } from './after-swap.ts';
import type { Opening } from './process.ts';
import { createStatusPublisher, type StatusPublisher } from './publisher.ts';

/** A page is renewed at least this often, so that everybody can see that it still is, milliseconds. */
const EVERY_MS = 5 * 60_000;

/** How soon listening is tried again, milliseconds. */
const AGAIN_MS = 5_000;

/** A publisher that follows the chains it is told of. */
export interface StatusPage extends StatusPublisher {
  /** Called with a chain whenever something about it may have changed: the page follows when it shows. */
  follow(chain: Chain): void;
  /** Renews the page as soon as the database says that what it shows besides runs has changed. Resolves after `stop`; never throws. */
  hear(stop: AbortSignal): Promise<void>;
}

/** What the process that makes the page has to know. `statusDir` is made absolute, as it is the name of a lock. */
export function openingOf(
  config: Pick<Config, 'statusDir' | 'settings'>,
  databaseUrl: string,
  address: string,
): Opening {
  const statusDir = resolve(config.statusDir);
  const timeZone = config.settings.statusPage.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const rules = retryRules(config.settings.retry);
  const kinds = Object.keys(failureKinds) as FailureKind[];
  return {
    databaseUrl,
    statusDir,
    rendererDir: join(statusDir, 'renderer'),
    address,
    timeZone,
    attempts: Object.fromEntries(kinds.map((kind) => [kind, policyFor(rules, kind).attempts])),
    everyMs: EVERY_MS,
  };
}

/** Begins to publish. */
export function openStatusPage(parts: { config: Config; database: Database; address: string; log: Log }): StatusPage {
  const { config, database, log } = parts;
  const opening = openingOf(config, database.url, parts.address);
  const command = config.settings.statusPage.publish;
  const after = command === undefined ? null : createAfterSwap({ command, statusDir: opening.statusDir, log });
  const publisher = createStatusPublisher({ ...opening, log, onSwap: (changed) => after?.changed(changed) });
  return {
    ...publisher,
    follow: watch((rootId) => void publisher.publish(rootId)),
    async hear(stop) {
      const renew = () => void publisher.publish();
      while (!stop.aborted) {
        try {
          const hearing = await database.listen(PAGE_CHANNEL, renew, renew);
          await until(stop);
          await hearing.close();
        } catch (error) {
          log.warn(errorFields(error), 'what the status page shows cannot be listened for; it is tried again');
          await nap(AGAIN_MS, stop);
        }
      }
    },
    async stop() {
      await publisher.stop();
      await after?.stop();
    },
  };
}

/** Calls back when a run has begun, when one of its platforms has ended or was accepted, and when it has ended itself. */
function watch(renew: (rootId: number) => void): (chain: Chain) => void {
  const seen = new Map<number, string>();
  return (chain) => {
    const now = chain.runs
      .map((run) => [run.status, ...run.jobs.map((job) => (job.accepted === null ? job.status : 'accepted'))].join(' '))
      .join();
    const before = seen.get(chain.rootId);
    if (seen.size > 1_000) seen.clear();
    seen.set(chain.rootId, now);
    // What had ended before we looked for the first time is on the page that is built at the start.
    if (before !== now && (before !== undefined || chain.runs.some((run) => run.finishedAt === null)))
      renew(chain.rootId);
  };
}
