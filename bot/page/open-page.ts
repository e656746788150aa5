/** The status page as the bot has it: the publisher, and the team's own command after it. */
import { join, resolve } from 'node:path';
import type { Chain } from '#db/run-facts.ts';
import type { Config } from '#bot/config.ts';
import type { Log } from '#bot/log.ts';
import { createAfterSwap } from './after-swap.ts';
import type { Opening } from './process.ts';
import { createStatusPublisher, type StatusPublisher } from './publisher.ts';

/** A page is renewed at least this often, so that everybody can see that it still is, milliseconds. */
const EVERY_MS = 5 * 60_000;

/** A publisher that follows the chains it is told of. */
export interface StatusPage extends StatusPublisher {
  /** Called with a chain whenever something about it may have changed: the page follows when it shows. */
  follow(chain: Chain): void;
}

/** What the process that makes the page has to know. `statusDir` is made absolute, as it is the name of a lock. */
export function openingOf(
  config: Pick<Config, 'statusDir' | 'settings'>,
  databaseUrl: string,
  address: string,
): Opening {
  const statusDir = resolve(config.statusDir);
  const timeZone = config.settings.statusPage.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { databaseUrl, statusDir, rendererDir: join(statusDir, 'renderer'), address, timeZone, everyMs: EVERY_MS };
}

/** Begins to publish. */
export function openStatusPage(parts: { config: Config; databaseUrl: string; address: string; log: Log }): StatusPage {
  const { config, log } = parts;
  const opening = openingOf(config, parts.databaseUrl, parts.address);
  const command = config.settings.statusPage.publish;
  const after = command === undefined ? null : createAfterSwap({ command, statusDir: opening.statusDir, log });
  const publisher = createStatusPublisher({ ...opening, log, onSwap: (changed) => after?.changed(changed) });
  return {
    ...publisher,
    follow: watch((rootId) => void publisher.publish(rootId)),
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
