/** What a mute means: what breaks while it holds is told quietly. It is about telling, never about scraping. */
import { nearest } from './nearest.ts';
import { isComplete, type JobFacts, type MuteFacts, type RunFacts } from './run.ts';

/** The mute that held for a platform at a moment, or null. */
export function muteAt(mutes: readonly MuteFacts[], platform: string, at: Date): MuteFacts | null {
  return mutes.find((mute) => mute.platform === platform && mute.since <= at && at.getTime() < endOf(mute)) ?? null;
}

/** Whether a job broke while its platform was muted. */
export function brokeMuted(job: JobFacts, mutes: readonly MuteFacts[]): boolean {
  const { platform, finishedAt } = job;
  return finishedAt !== null && !isComplete(job) && muteAt(mutes, platform, finishedAt) !== null;
}

/** What of a run people should hear of: jobs that broke by themselves and were not muted then. Only these are loud. */
export function loudJobs(run: RunFacts, mutes: readonly MuteFacts[]): JobFacts[] {
  const byHand = run.cancelledBy !== null;
  return run.jobs.filter(
    (job) =>
      job.finishedAt !== null && !isComplete(job) && !(byHand && job.status === 'cancelled') && !brokeMuted(job, mutes),
  );
}

/** Why a mute is not begun, or not ended. */
export type MuteRefusal =
  | { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null }
  /** Times are ISO: the refusal is stored with the action. */
  | { kind: 'already_muted'; platform: string; by: string; since: string; until: string | null }
  | { kind: 'not_muted'; platform: string }
  | { kind: 'too_soon' }
  | { kind: 'too_far'; days: number };

/** Nobody remembers a mute for longer, days. */
export const LONGEST_MUTE_DAYS = 90;

/** Decides whether a platform is muted now. A mute with another end takes the place of the one that holds. */
export function decideMute(question: {
  platform: string;
  until: Date | null;
  known: readonly string[];
  holding: MuteFacts | null;
  now: Date;
}): MuteRefusal | null {
  const { platform, until, known, holding, now } = question;
  if (!known.includes(platform)) return unknown(platform, known);
  if (until !== null && until <= now) return { kind: 'too_soon' };
  if (until !== null && until.getTime() - now.getTime() > LONGEST_MUTE_DAYS * 86_400_000) {
    return { kind: 'too_far', days: LONGEST_MUTE_DAYS };
  }
  if (holding === null || holding.until?.getTime() !== until?.getTime()) return null;
  const { by, since } = holding;
  return {
    kind: 'already_muted',
    platform,
    by: by.name,
    since: since.toISOString(),
    until: until?.toISOString() ?? null,
  };
}

/** Decides whether a mute can be ended. */
export function decideUnmute(question: {
  platform: string;
  known: readonly string[];
  holding: MuteFacts | null;
}): MuteRefusal | null {
  const { platform, known, holding } = question;
  if (holding !== null) return null;
  return known.includes(platform) ? { kind: 'not_muted', platform } : unknown(platform, known);
}

function unknown(platform: string, known: readonly string[]): MuteRefusal {
  return { kind: 'unknown_platform', platform, known: [...known], nearest: nearest(platform, known) };
}

function endOf({ until, endedAt }: MuteFacts): number {
  return Math.min(until?.getTime() ?? Infinity, endedAt?.getTime() ?? Infinity);
}
