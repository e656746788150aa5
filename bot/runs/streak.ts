/** When a platform that keeps failing is worth the whole channel's attention again. */
import type { JobFacts } from './run.ts';

/** A failure that goes on is brought up again once in so long, milliseconds. */
export const REMINDER_MS = 86_400_000;

/** True for the first failure, and for the first one in each period after it. */
export function isNews({ finishedAt, streak }: JobFacts): boolean {
  if (streak === null || streak.since === null || streak.previousAt === null || finishedAt === null) return true;
  const since = streak.since.getTime();
  const period = (at: Date) => Math.floor((at.getTime() - since) / REMINDER_MS);
  return period(finishedAt) > period(streak.previousAt);
}
