/** Why a retry is refused. */
import type { RetryRefusal } from '#bot/runs/retry-run.ts';
import { backfillCommand } from './backfill-words.ts';
import { oneLine } from './escape.ts';
import { listed } from './wording.ts';

/** Why a retry is refused, in one sentence that can stand where the button stood. */
export function retryRefusal(reason: RetryRefusal): string {
  switch (reason.kind) {
    case 'no_run':
      return 'There is no run yet to retry: start one with /scrape now.';
    case 'unknown_run':
      return `There is no run ${reason.run}: /scrape history lists the runs there are.`;
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'not_in_run':
      return `${reason.platform} was not part of run ${reason.run}, which took ${listed(reason.platforms)}.`;
    case 'still_running':
      return reason.platform === null
        ? `Run ${reason.run} is still running: wait until it is done, then retry what failed.`
        : `${reason.platform} is still being scraped in run ${reason.run}: wait until it is done.`;
    case 'being_retried':
      return reason.itself === true
        ? `${reason.platform} is already being scraped again (run ${reason.run}).`
        : `${reason.platform} is already being retried by ${reason.by} (run ${reason.run}).`;
    case 'nothing_failed':
      return `Nothing failed in run ${reason.run}: every platform is complete.`;
    case 'not_failed':
      return `${reason.platform} did not fail: run ${reason.run} completed it.`;
    case 'accepted':
      return `${reason.platform} was accepted as it is by ${reason.by} (run ${reason.run}): nothing is left to retry.`;
    case 'already_retried':
      return `${reason.platform} was already retried in run ${reason.by}: use the newest button.`;
    case 'retries_used': {
      const { platform, run, limit, backfill } = reason;
      const anew = backfill === undefined ? `/scrape now ${platform}` : backfillCommand(platform, backfill);
      return `${limit} of ${limit} retries of ${platform} in run ${run} are used: start a new run with ${anew}.`;
    }
    case 'too_old': {
      const { run, days, backfill } = reason;
      const anew = backfill === undefined ? '/scrape now' : backfillCommand(backfill.platform, backfill.what);
      return `Run ${run} is ${days} days old, too old to continue: start a new one with ${anew}.`;
    }
  }
}

/** What was typed is no platform; what may have been meant. */
export function unknownPlatform(reason: {
  platform: string;
  known: readonly string[];
  nearest: string | null;
}): string {
  const hint = reason.nearest === null ? '' : ` Did you mean ${reason.nearest}?`;
  return `There is no platform "${oneLine(reason.platform, 32)}".${hint} Known are ${listed(reason.known)}.`;
}
