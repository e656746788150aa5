/** What a retry will do, is doing or has done: the text on and under its button. */
import {
  effectiveJobs,
  isComplete,
  isFinished,
  nextRetryNumber,
  RETRY_LIMIT,
  type Chain,
  type JobFacts,
} from '#bot/runs/run.ts';
import { planPart, type RetryPart } from '#bot/runs/retry-run.ts';
import { encodeAction } from './actions.ts';
import { backfillCommand } from './backfill-words.ts';
import { amounts } from './job-lines.ts';
import type { Button } from './message.ts';
import { nounOf, type Telling } from './platform-words.ts';
import { ageWords, listed, personAndPlace } from './wording.ts';

/** Jobs of a chain a retry could be offered for: finished, newest of their platform, neither complete nor accepted. */
export function openJobs(chain: Chain): JobFacts[] {
  return effectiveJobs(chain).filter((job) => isFinished(job) && !isComplete(job));
}

/**
 * The button under what broke, or what stands in its place: that somebody is retrying, how that came out, or that
 * all retries are used.
 */
export function retryButton(chain: Chain, job: JobFacts, telling: Telling): Button | null {
  if (!isFinished(job) || isComplete(job)) return null;
  const id = encodeAction({ kind: 'retry', run: job.runId, platform: job.platform });
  const later = chain.runs
    .flatMap((run) => run.jobs.map((candidate) => ({ run, job: candidate })))
    .find((entry) => entry.job.platform === job.platform && entry.job.id > job.id);
  if (later !== undefined) {
    const { run } = later;
    const by = personAndPlace(run.requestedBy);
    if (later.job.rescrape) {
      const label = isFinished(later.job)
        ? `Scraped again in run ${run.id}: ${outcomeWord(later.job, telling)}`
        : `Being scraped again in run ${run.id}`;
      return { id, label, hint: null, disabled: true };
    }
    const count = `${later.job.retryNumber}/${RETRY_LIMIT}`;
    const label = isFinished(later.job)
      ? `Retried (${count}) in run ${run.id} by ${by}: ${outcomeWord(later.job, telling)}`
      : `Retrying… (${count}) in run ${run.id} – ${by}`;
    return { id, label, hint: null, disabled: true };
  }
  const root = chain.runs[0];
  const anew = job.backfill ? backfillCommand(job.platform, job.backfill.what) : `/scrape now ${job.platform}`;
  if (telling.now.getTime() - root.createdAt.getTime() > telling.maxRunAgeDays * 86_400_000) {
    const label = `Too old to retry: ${anew} starts anew`;
    return { id, label, hint: null, disabled: true };
  }
  if (nextRetryNumber(job) > RETRY_LIMIT) {
    const label = `All ${RETRY_LIMIT} retries are used: ${anew} starts anew`;
    return { id, label, hint: null, disabled: true };
  }
  const part = planPart(job, telling.platform(job.platform).terms, telling.now);
  return {
    id,
    label: `Retry ${job.platform} (${part.retryNumber}/${RETRY_LIMIT})`,
    hint: partWords(part, telling),
    disabled: false,
  };
}

/** Jobs of a chain whose retry can be pressed now. */
export function retriableJobs(chain: Chain, telling: Telling): JobFacts[] {
  return openJobs(chain).filter((job) => retryButton(chain, job, telling)?.disabled === false);
}

/** One button for all that can be retried, when that is more than one: a single failure has its own under its post. */
export function retryAll(chain: Chain, telling: Telling): Button[] {
  const open = retriableJobs(chain, telling);
  if (open.length < 2 || chain.runs.some((run) => run.finishedAt === null)) return [];
  const what = open.every((job) => job.status === 'cancelled') ? 'cancelled' : 'failed';
  // Bound to the newest run: pressed once more after that run was retried, it is void.
  const newest = Math.max(...chain.runs.map((run) => run.id));
  const all = encodeAction({ kind: 'retry', run: newest, platform: null });
  const some = encodeAction({ kind: 'choose', run: chain.rootId });
  return [
    { id: all, label: `Retry all ${what} (${open.length})`, hint: null, disabled: false },
    { id: some, label: 'Choose…', hint: null, disabled: false },
  ];
}

/**
 * `from extract, 31 of 48 events kept`; `from images, 14 of 50 images kept`; `from discover, everything anew: the list is
 * 14 min old`. On a button the exact age would have to be edited for ever: there it is what stays true, `more than 10 min`.
 */
export function partWords(part: RetryPart, telling: Telling, where: 'button' | 'answer' = 'button'): string {
  const words = telling.platform(part.platform);
  const { maxAgeMs } = words.terms;
  const age = where === 'answer' ? ageWords(part.listAgeMs ?? 0) : `more than ${ageWords(maxAgeMs)}`;
  const why = part.listAgeMs === null ? '' : `: the list is ${age} old`;
  const known = { kept: part.kept, total: part.total, noun: nounOf(words, part.fromStep) };
  const further = (part.further ?? []).map(({ step, ...items }) => ({ ...items, noun: nounOf(words, step) }));
  const kept = [known, ...further].filter((items) => items.kept > 0);
  if (kept.length === 0) return `from ${part.fromStep}, everything anew${why}`;
  const young = part.keptWithinMs === null ? '' : ` (what is younger than ${ageWords(part.keptWithinMs)})`;
  const most = part.keptWithinMs === null ? '' : 'up to ';
  const counts = kept.map(
    ({ kept: count, total, noun }) => `${count} ${total === null ? '' : `of ${total} `}${noun.many}`,
  );
  return `from ${part.fromStep}, ${most}${listed(counts)} kept${young}${why}`;
}

function outcomeWord(job: JobFacts, telling: Telling): string {
  if (isComplete(job)) return job.accepted === null ? 'complete' : 'accepted as it is';
  const word = job.status === 'partial' ? 'partly done' : job.status;
  return job.itemsTotal === 0 ? word : `${word}, ${amounts(job, telling)}`;
}
