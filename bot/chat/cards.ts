/** A run's card: its first message, edited in place from the first second to its final state. */
import { brokeMuted } from '#bot/runs/mute.ts';
import {
  effectiveJobs,
  isComplete,
  isFinished,
  type Chain,
  type JobFacts,
  type MuteFacts,
  type RunFacts,
} from '#bot/runs/run.ts';
import { backfillTitle, leftLine, nextBatchButton, whatWords } from './backfill-words.ts';
import { cancelButton } from './cancel-words.ts';
import { jobLine } from './job-lines.ts';
import { continuedSuffix, rescrapeTitle } from './lost-words.ts';
import type { Message, Tone } from './message.ts';
import { message } from './message.ts';
import { mutedSuffix } from './mute-words.ts';
import type { Telling } from './platform-words.ts';
import { retryAll } from './retry-words.ts';
import { overlapLine } from './schedule-words.ts';
import { clock, counted, duration, listed, triggerPhrase } from './wording.ts';

const platforms = { one: 'platform', many: 'platforms' };

/** The card of a chain's root: every platform's newest result, whichever run it came from. */
export function rootCard(chain: Chain, telling: Telling): Message {
  const root = chain.runs[0];
  const jobs = effectiveJobs(chain);
  const complete = jobs.filter(isComplete).length;
  const muted = jobs.filter((job) => brokeMuted(job, chain.mutes)).map((job) => job.platform);
  const left = leftLine(jobs[0], telling);
  const next = nextBatchButton(chain, jobs[0], telling);
  const title = backfillTitle(chain, jobs[0], continuedSuffix(chain), telling) ?? rootTitle(chain, jobs, complete);
  return message(cardTone(jobs, chain.mutes), `${title}${mutedSuffix(muted)}`, {
    lines: [
      ...jobs.map((job) => jobLine(job, chain, telling)),
      ...(left === null ? [] : [left]),
      ...overlapLine(root, telling),
    ],
    buttons: [...cancelButton(root), ...(next === null ? [] : [next]), ...retryAll(chain, telling)],
    link: pageLink(root, telling),
    footer: footer(root, telling),
  });
}

/** The card of a retry or a re-scrape, in the root's thread: only the platforms it redoes. */
export function retryCard(run: RunFacts, chain: Chain, telling: Telling): Message {
  const title = run.rescrapeOf === null ? retryTitle(run) : rescrapeTitle(run);
  return message(cardTone(run.jobs, chain.mutes), title, {
    lines: run.jobs.map((job) => jobLine(job, chain, telling)),
    buttons: cancelButton(run),
    footer: footer(run, telling),
  });
}

function retryTitle(run: RunFacts): string {
  const what = run.jobs[0]?.backfill?.what;
  const named = what === undefined ? listed(run.platforms) : `${whatWords(what)} of ${listed(run.platforms)}`;
  if (run.cancelledBy !== null) return `Run ${run.id}, a retry of ${named}, was cancelled by ${run.cancelledBy.name}`;
  return run.finishedAt === null ? `Run ${run.id} retries ${named}` : `Run ${run.id} retried ${named}`;
}

function rootTitle(chain: Chain, jobs: readonly JobFacts[], complete: number): string {
  const root = chain.runs[0];
  const ratio = `${complete}/${counted(jobs.length, platforms)} complete`;
  const continued = continuedSuffix(chain);
  if (continued !== '') return `Run ${root.id}: ${ratio}${continued}${acceptedSuffix(jobs)}`;
  if (root.finishedAt !== null && jobs.some((job) => job.accepted !== null)) {
    return `Run ${root.id}: ${ratio}${acceptedSuffix(jobs)}`;
  }
  if (root.cancelledBy !== null) return `Run ${root.id} was cancelled by ${root.cancelledBy.name}: ${ratio}`;
  switch (root.status) {
    case 'pending':
      return `Run ${root.id} is about to start`;
    case 'running':
      return `Run ${root.id} is running: ${jobs.filter(isFinished).length} of ${counted(jobs.length, platforms)} done`;
    case 'completed':
      return `Run ${root.id} is complete${jobs.length === 1 ? '' : `: all ${jobs.length} platforms`}`;
    case 'partial':
      return `Run ${root.id} is partly done: ${ratio}`;
    case 'failed':
      return `Run ${root.id} failed: ${ratio}`;
    case 'connection_failed':
      return `Run ${root.id}: Connection lost, ${ratio}`;
    case 'cancelled':
      return `Run ${root.id} was cancelled`;
  }
}

/** `, bet9ja accepted as it is`; nothing when nobody had to vouch for anything. */
function acceptedSuffix(jobs: readonly JobFacts[]): string {
  const accepted = jobs.filter((job) => job.accepted !== null).map((job) => job.platform);
  if (accepted.length === 0) return '';
  return `, ${listed(accepted)} accepted as ${accepted.length === 1 ? 'it is' : 'they are'}`;
}

/** What was cancelled or muted does not raise the voice of a card; what broke besides does. */
function cardTone(jobs: readonly JobFacts[], mutes: readonly MuteFacts[]): Tone {
  if (jobs.some((job) => !isFinished(job))) return 'running';
  const broken = jobs.filter((job) => !isComplete(job));
  if (broken.length === 0) return 'good';
  if (broken.every((job) => job.status === 'cancelled' || brokeMuted(job, mutes))) return 'quiet';
  return jobs.some((job) => isComplete(job) || job.status === 'partial') ? 'warning' : 'bad';
}

/** The run's page to be opened by a press, where people elsewhere can reach it; null where only this machine can. */
function pageLink({ id }: RunFacts, { statusUrl }: Telling): Message['link'] {
  if (statusUrl === null || isOwnMachine(statusUrl)) return null;
  return { label: `Run ${id} on the status page`, url: `${statusUrl}runs/${id}/` };
}

function isOwnMachine(address: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
}

function footer(run: RunFacts, telling: Telling): string {
  const byItself = run.requestedBy.surface === 'schedule' || run.rescrapeOf !== null;
  const who = byItself ? triggerPhrase(run.trigger) : `by ${run.requestedBy.name}, ${triggerPhrase(run.trigger)}`;
  const took = run.finishedAt === null ? '' : ` · took ${duration(run.finishedAt.getTime() - run.createdAt.getTime())}`;
  const { statusUrl } = telling;
  const page = statusUrl === null || !isOwnMachine(statusUrl) ? '' : ` · ${statusUrl}runs/${run.id}/`;
  return `${who} · ${clock(run.createdAt, telling.timeZone)}${took}${page}`;
}
