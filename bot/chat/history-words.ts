/** A chain run by run: who started each, what every platform came to, and what broke first, in its first words. */
import { isFinished, type Chain, type FailureFacts, type JobFacts, type RunFacts } from '#bot/runs/run.ts';
import { rootCard } from './cards.ts';
import { oneLine } from './escape.ts';
import { exactly, itSays } from './failure-words.ts';
import { jobLine, jobTone } from './job-lines.ts';
import { message, type Line, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { dayAndClock, personAndPlace, sentence, triggerPhrase } from './wording.ts';

/** Errors told of one platform in one run; the rest is counted. */
const MOST_ERRORS = 3;
/** Longest quotation of an error, characters. */
const DETAIL_LIMIT = 200;

/** The answer to `/scrape history 42`: the whole chain of that run, oldest first. */
export function chainHistory(chain: Chain, telling: Telling): Message {
  const card = rootCard(chain, telling);
  const lines = chain.runs.flatMap((run) => [
    { tone: 'quiet' as const, name: '', text: runWords(run, telling) },
    ...run.jobs.flatMap((job) => jobWords(chain, job, telling)),
  ]);
  return message(card.tone, card.title, { lines, link: card.link });
}

/** There is no such run; `asked` may have been meant as a number of runs. */
export function noSuchRun(asked: number): Message {
  return message('warning', `There is no run ${asked}.`, {
    lines: [{ tone: 'quiet', name: '', text: `The newest runs are listed by /scrape history last ${asked}` }],
  });
}

/** `Run 43, 23 Nov 12:14: retry of run 42 by Grace, from Discord`: how it began, and whether a person began it. */
function runWords(run: RunFacts, telling: Telling): string {
  const when = `Run ${run.id}, ${dayAndClock(run.createdAt, telling.timeZone)}`;
  const ended = run.cancelledBy === null ? '' : ` · cancelled by ${personAndPlace(run.cancelledBy)}`;
  return `${when}: ${begunBy(run)}${ended}`;
}

function begunBy(run: RunFacts): string {
  if (run.rescrapeOf !== null) return `scraped again by itself, after run ${run.rescrapeOf} lost its connection`;
  if (run.retryOf !== null) return `retry of run ${run.retryOf} by ${personAndPlace(run.requestedBy)}`;
  if (run.requestedBy.surface === 'schedule') return `started by ${triggerPhrase(run.trigger)}`;
  return `started by ${personAndPlace(run.requestedBy)}`;
}

function jobWords(chain: Chain, job: JobFacts, telling: Telling): Line[] {
  const line = jobLine(job, chain, telling);
  const retry = job.retryNumber > 0 && !job.rescrape ? `retry ${job.retryNumber}, from ${job.fromStep}: ` : '';
  const quiet = (text: string): Line => ({ tone: 'quiet', name: '', text: `– ${text}` });
  const more = job.failures.length - MOST_ERRORS;
  return [
    { ...line, tone: jobTone(job, chain.mutes), text: `${retry}${line.text}` },
    ...attemptWords(job).map(quiet),
    ...job.failures.slice(0, MOST_ERRORS).map((failure) => quiet(failureWords(job, failure))),
    ...(more > 0 ? [quiet(`${more} more kinds of failure`)] : []),
  ];
}

/** `2 automatic attempts: the first broke in extract (unreachable)`; nothing where the first was the only one. */
function attemptWords(job: JobFacts): string[] {
  if (job.attempt === 1) return [];
  const broken = new Map<number, string>();
  for (const { attempt, name, status, errorKind } of job.steps) {
    if (status !== 'failed' || (attempt === job.attempt && !isFinished(job))) continue;
    broken.set(attempt, `attempt ${attempt} broke in ${name} (${errorKind?.replaceAll('_', ' ') ?? 'unknown'})`);
  }
  const how = broken.size === 0 ? '' : `: ${[...broken.values()].join(', ')}`;
  return [`${job.attempt} automatic attempts${how}`];
}

/** `3 times in extract: it did not answer properly – GET /event answered 503`: the first of its kind, as it was. */
function failureWords(job: JobFacts, failure: FailureFacts): string {
  const times = failure.count === 1 ? 'Once' : `${failure.count} times`;
  const detail = oneLine(exactly(job, failure), DETAIL_LIMIT);
  return sentence(`${times} in ${failure.step}: ${itSays(job.platform, failure.headline)} – ${detail}`);
}
