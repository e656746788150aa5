/** How a job went, in sentences. */
import type { JobHistory, OpenJob, Site } from '#db/history.ts';
import { duration, kindWords, oneLine } from './words.ts';

/** How it ended or what it waits for, and how many attempts it took. Moments stand between the words. */
export function jobCourse(job: JobHistory, site: Site): (string | Date)[] {
  const first = `beginning with ${oneLine(job.fromStep)}`;
  if (job.startedAt === null) {
    if (job.finishedAt === null) return [`Not started yet; ${oneLine(job.fromStep)} comes first.`];
    if (job.failureKind === 'left_alone') return ['Not asked, as it had failed again and again.'];
    return [job.failureKind === null ? 'Never started.' : `Never started: ${kindWords(job.failureKind)}.`];
  }
  const attempts = `${job.attempt === 1 ? '1 attempt' : `${job.attempt} attempts`}, ${first}`;
  if (job.finishedAt !== null) {
    const ended = job.failureKind === null ? '' : `Ended as “${kindWords(job.failureKind)}”. `;
    const took = `, ${duration(job.startedAt, job.finishedAt)}.`;
    return [`${ended}${attempts}. `, job.startedAt, ' to ', job.finishedAt, took];
  }
  if (job.nextAttemptAt === null) return [`Attempt ${job.attempt} is under way, ${first}, since `, job.startedAt, '.'];
  const ended = job.failureKind === null ? 'ended' : `ended as “${kindWords(job.failureKind)}”`;
  return [`Attempt ${job.attempt} ${ended}. Next is `, ...nextAttempt(job, job.nextAttemptAt, site), '.'];
}

/** `attempt 2 of 3, at 12:17:04`; how many there are in all is left out when the settings no longer know. */
export function nextAttempt(
  { attempt, failureKind }: Pick<OpenJob, 'attempt' | 'failureKind'>,
  at: Date,
  { attempts }: Pick<Site, 'attempts'>,
): (string | Date)[] {
  const all = failureKind === null ? undefined : attempts[failureKind];
  const of = all === undefined || all <= attempt ? '' : ` of ${all}`;
  return [`attempt ${attempt + 1}${of}, at `, at];
}
