/** One line per platform: what it is doing, what it delivered, what is missing. */
import { isDoubtful } from '#bot/runs/accept.ts';
import { brokeMuted } from '#bot/runs/mute.ts';
import { waitsFor } from '#bot/runs/common-cause.ts';
import {
  isComplete,
  isFinished,
  itemsDelivered,
  itemsKept,
  type Chain,
  type JobFacts,
  type MuteFacts,
} from '#bot/runs/run.ts';
import { batchAmounts } from './backfill-words.ts';
import { kindWords, reason } from './failure-words.ts';
import type { Line, Tone } from './message.ts';
import { muteSuffix } from './mute-words.ts';
import { nounOf, type Telling } from './platform-words.ts';
import { clock, counted, duration } from './wording.ts';

/** The platform's line on a card. */
export function jobLine(job: JobFacts, chain: Pick<Chain, 'runs' | 'mutes' | 'causes'>, telling: Telling): Line {
  const { mutes } = chain;
  const muted = isComplete(job) ? '' : muteSuffix(job, mutes, telling);
  const text = jobText(job, waitsFor(job, chain), telling);
  return { tone: jobTone(job, mutes), name: job.platform, text: `${text}${muted}` };
}

/** Colour and sign of a job; what broke while it was muted is told quietly. */
export function jobTone(job: JobFacts, mutes: readonly MuteFacts[]): Tone {
  if (job.accepted !== null) return 'good';
  if (brokeMuted(job, mutes)) return 'quiet';
  switch (job.status) {
    case 'completed':
      return 'good';
    case 'partial':
    case 'waiting':
      return 'warning';
    case 'failed':
      return itemsKept(job) > 0 ? 'warning' : 'bad';
    case 'running':
      return 'running';
    case 'pending':
    case 'skipped':
    case 'cancelled':
      return 'quiet';
  }
}

/** `first` is the platform it waits for, as both were broken by one thing. */
function jobText(job: JobFacts, first: string | null, telling: Telling): string {
  const noun = nounOf(telling.platform(job.platform), job.itemStep);
  const kept = itemsKept(job);
  const took =
    job.startedAt === null ? '' : duration((job.finishedAt ?? telling.now).getTime() - job.startedAt.getTime());
  if (job.accepted !== null) return `${delivered(job, telling)} · accepted by ${job.accepted.by.name}`;
  switch (job.status) {
    case 'pending':
      if (first !== null) return `waiting until ${first} was tried`;
      return kept === 0 ? 'waiting for its turn' : `waiting for its turn · ${amounts(job, telling)} kept`;
    case 'running': {
      if (job.itemsTotal === 0) return `looking for ${noun.many} · ${took}`;
      const failed = job.itemsFailed > 0 ? ` · ${job.itemsFailed} failed` : '';
      if (job.backfill !== null) return `${amounts(job, telling)} · ${took}`;
      return `${kept} of ${counted(job.itemsTotal, noun)}${failed}${furtherAmounts(job, telling)} · ${took}`;
    }
    case 'waiting': {
      const next = job.nextAttemptAt === null ? 'soon' : clock(job.nextAttemptAt, telling.timeZone);
      const when = first === null ? `next ${next}` : `once ${first} was tried`;
      return `attempt ${job.attempt + 1} of ${telling.attempts(job.failureKind)}, ${when} · ${reason(job)} · ${amounts(job, telling)}`;
    }
    case 'completed':
      if (job.backfill !== null) return `${amounts(job, telling)} · ${took}`;
      return `${delivered(job, telling)}${furtherAmounts(job, telling)} · ${took}`;
    case 'partial':
    case 'failed':
      return `${reason(job)} · ${isDoubtful(job) ? delivered(job, telling) : amounts(job, telling)} · ${took}`;
    case 'skipped':
      return `not started: ${kindWords(job)}`;
    case 'cancelled':
      if (job.itemsTotal > 0) return `cancelled · ${amounts(job, telling)}`;
      return job.startedAt === null ? 'cancelled before it began' : 'cancelled';
  }
}

/** `48 events`; `45 events, 3 gone` when the site no longer had three of those it listed. */
function delivered(job: JobFacts, telling: Telling): string {
  const { noun } = telling.platform(job.platform);
  const gone = job.itemsGone === 0 ? '' : `, ${job.itemsGone} gone`;
  return itemsDelivered(job) === 0 ? `no ${noun.many}${gone}` : `${counted(itemsDelivered(job), noun)}${gone}`;
}

/** `31 of 48 events`, or that nothing came; of a backfill, how far its batch is. */
export function amounts(job: JobFacts, telling: Telling): string {
  const noun = nounOf(telling.platform(job.platform), job.itemStep);
  if (job.backfill !== null) return batchAmounts(job, job.backfill, telling);
  if (job.itemsTotal === 0) return `no ${noun.many}`;
  return `${itemsKept(job)} of ${counted(job.itemsTotal, noun)}${furtherAmounts(job, telling)}`;
}

/** ` · 14 of 50 images`, for what later steps have to do; ` · 50 images` once they have done it. */
function furtherAmounts(job: JobFacts, telling: Telling): string {
  const words = telling.platform(job.platform);
  const amount = ({ step, total, stored, failed }: JobFacts['further'][number]) => {
    const of = stored === total ? '' : `${stored} of `;
    return ` · ${of}${counted(total, nounOf(words, step))}${isFinished(job) || failed === 0 ? '' : ` · ${failed} failed`}`;
  };
  return job.further.map(amount).join('');
}
