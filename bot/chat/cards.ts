/** A run's card: its first message, edited in place from the first second to its final state. */
import { effectiveJobs, isComplete, isFinished, type Chain, type JobFacts, type RunFacts } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { jobLine } from './job-lines.ts';
import type { Button, Message, Tone } from './message.ts';
import { message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { openJobs } from './retry-words.ts';
import { clock, duration, listed, triggerPhrase } from './wording.ts';

/** The card of a chain's root: every platform's newest result, whichever run it came from. */
export function rootCard(chain: Chain, telling: Telling): Message {
  const root = chain.runs[0];
  const jobs = effectiveJobs(chain);
  const complete = jobs.filter(isComplete).length;
  return message(chainTone(jobs), rootTitle(chain, jobs, complete), {
    lines: jobs.map((job) => jobLine(job, telling)),
    buttons: retryAll(chain, root),
    footer: footer(root, telling),
  });
}

/** The card of a retry run, in the root's thread: only the platforms it redoes. */
export function retryCard(run: RunFacts, telling: Telling): Message {
  const platforms = run.platforms.join(', ');
  const title = run.finishedAt === null ? `Run ${run.id} retries ${platforms}` : `Run ${run.id} retried ${platforms}`;
  return message(chainTone(run.jobs), title, {
    lines: run.jobs.map((job) => jobLine(job, telling)),
    footer: footer(run, telling),
  });
}

function rootTitle(chain: Chain, jobs: readonly JobFacts[], complete: number): string {
  const root = chain.runs[0];
  const ratio = `${complete}/${jobs.length} ${jobs.length === 1 ? 'platform' : 'platforms'} complete`;
  const retries = chain.runs.filter((run) => run.retryOf !== null).length;
  if (retries > 0) {
    const path = chain.runs.map((run) => run.id).join(' → ');
    const open = chain.runs.some((run) => run.finishedAt === null);
    const so = open ? 'while retrying' : `after ${retries === 1 ? '1 retry' : `${retries} retries`}`;
    return `Run ${root.id}: ${ratio} ${so} (${path})${acceptedSuffix(jobs)}`;
  }
  if (root.finishedAt !== null && jobs.some((job) => job.accepted !== null)) {
    return `Run ${root.id}: ${ratio}${acceptedSuffix(jobs)}`;
  }
  switch (root.status) {
    case 'pending':
      return `Run ${root.id} is about to start`;
    case 'running':
      return `Run ${root.id} is running: ${jobs.filter(isFinished).length} of ${jobs.length} platforms done`;
    case 'completed':
      return `Run ${root.id} is complete: ${ratio}`;
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

function chainTone(jobs: readonly JobFacts[]): Tone {
  if (jobs.some((job) => !isFinished(job))) return 'running';
  if (jobs.every(isComplete)) return 'good';
  if (jobs.every((job) => job.status === 'cancelled')) return 'quiet';
  return jobs.some((job) => isComplete(job) || job.status === 'partial') ? 'warning' : 'bad';
}

/** One button for all that failed, when that is more than one: a single failure has its own under its post. */
function retryAll(chain: Chain, root: RunFacts): Button[] {
  const open = openJobs(chain);
  if (open.length < 2 || chain.runs.some((run) => run.finishedAt === null)) return [];
  const all = encodeAction({ kind: 'retry', run: root.id, platform: null });
  const some = encodeAction({ kind: 'choose', run: root.id });
  return [
    { id: all, label: `Retry all failed (${open.length})`, hint: null, disabled: false },
    { id: some, label: 'Choose…', hint: null, disabled: false },
  ];
}

function footer(run: RunFacts, telling: Telling): string {
  const who = `by ${run.requestedBy.name}, ${triggerPhrase(run.trigger)}`;
  const took = run.finishedAt === null ? '' : ` · took ${duration(run.finishedAt.getTime() - run.createdAt.getTime())}`;
  const page = telling.statusUrl === null ? '' : ` · ${telling.statusUrl}runs/${run.id}/`;
  return `${who} · ${clock(run.createdAt, telling.timeZone)}${took}${page}`;
}
