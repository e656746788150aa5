/** Whether a person may take a doubtful result as it is, and why not when not. */
import { nearest } from './nearest.ts';
import { effectiveJobs, isFinished, type Chain, type JobFacts } from './run.ts';

/** Why an acceptance is refused. */
export type AcceptRefusal =
  | { kind: 'no_run' }
  | { kind: 'unknown_run'; run: number }
  | { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null }
  | { kind: 'not_in_run'; platform: string; run: number; platforms: string[] }
  | { kind: 'still_running'; platform: string; run: number }
  | { kind: 'not_doubtful'; platform: string; run: number; complete: boolean }
  | { kind: 'already_accepted'; platform: string; run: number; by: string }
  | { kind: 'already_retried'; platform: string; run: number; by: number }
  | { kind: 'no_reason'; platform: string; run: number };

/** Longest reason that is kept, code points. */
export const WHY_LIMIT = 300;

/** Whether a job ended with a result that a person can vouch for: it ran to its end, and delivered too little. */
export function isDoubtful(job: JobFacts): boolean {
  return isFinished(job) && (job.failureKind === 'empty' || job.failureKind === 'dropped');
}

/** Finds the job that is to be accepted, or says why there is none. `pressed`: void once there is a newer result. */
export function decideAcceptance(question: {
  chain: Chain;
  runId: number;
  platform: string;
  pressed: boolean;
  known: readonly string[];
}): { kind: 'accept'; job: JobFacts } | { kind: 'refused'; reason: AcceptRefusal } {
  const { chain, runId, platform, known } = question;
  const refused = (reason: AcceptRefusal) => ({ kind: 'refused' as const, reason });
  const job = effectiveJobs(chain).find((one) => one.platform === platform);
  if (job === undefined) {
    if (known.includes(platform)) {
      return refused({ kind: 'not_in_run', platform, run: runId, platforms: chain.runs[0].platforms });
    }
    return refused({ kind: 'unknown_platform', platform, known: [...known], nearest: nearest(platform, known) });
  }
  const run = job.runId;
  if (question.pressed && run !== runId) return refused({ kind: 'already_retried', platform, run: runId, by: run });
  if (!isFinished(job)) return refused({ kind: 'still_running', platform, run });
  if (job.accepted !== null) return refused({ kind: 'already_accepted', platform, run, by: job.accepted.by.name });
  if (!isDoubtful(job)) return refused({ kind: 'not_doubtful', platform, run, complete: job.status === 'completed' });
  return { kind: 'accept', job };
}
