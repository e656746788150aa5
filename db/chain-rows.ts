/** Rows of a chain as Postgres folds them into JSON, as facts: moments are texts there. */
import type { FailureFacts, FileFacts, FurtherItems, JobFacts, Person, RunFacts, StepFacts } from './run-facts.ts';
import { toStreak, type StreakRow } from './streaks.ts';

/** A run with everything that belongs to it. */
export interface RunRow extends Omit<
  RunFacts,
  'jobs' | 'files' | 'createdAt' | 'startedAt' | 'finishedAt' | 'lostSince' | 'overlapped'
> {
  overlapped: { count: number; first: string; last: string } | null;
  lostSince: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  jobs: JobRow[] | null;
  files: FileFacts[] | null;
}

interface JobRow extends Omit<
  JobFacts,
  | 'nextAttemptAt'
  | 'failedAt'
  | 'startedAt'
  | 'finishedAt'
  | 'discoveredAt'
  | 'stored'
  | 'accepted'
  | 'streak'
  | 'further'
  | 'steps'
  | 'failures'
> {
  nextAttemptAt: string | null;
  failedAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  discoveredAt: string | null;
  further: FurtherItems[] | null;
  stored: { from: string | null; to: string | null } | null;
  accepted: { by: Person; why: string; at: string } | null;
  streak: StreakRow | null;
  steps: StepFacts[] | null;
  failures: FailureFacts[] | null;
}

/** The run as everything above the database knows it. */
export function toRun(row: RunRow): RunFacts {
  return {
    ...row,
    createdAt: new Date(row.createdAt),
    lostSince: toDate(row.lostSince),
    startedAt: toDate(row.startedAt),
    finishedAt: toDate(row.finishedAt),
    jobs: (row.jobs ?? []).map(toJob),
    files: row.files ?? [],
    overlapped: row.overlapped && toTimes(row.overlapped),
  };
}

function toJob(row: JobRow): JobFacts {
  return {
    ...row,
    nextAttemptAt: toDate(row.nextAttemptAt),
    failedAt: toDate(row.failedAt),
    startedAt: toDate(row.startedAt),
    finishedAt: toDate(row.finishedAt),
    discoveredAt: toDate(row.discoveredAt),
    further: row.further ?? [],
    stored: toRange(row.stored),
    accepted: row.accepted && { ...row.accepted, at: new Date(row.accepted.at) },
    streak: toStreak(row.streak),
    steps: row.steps ?? [],
    failures: row.failures ?? [],
  };
}

function toTimes({ count, first, last }: NonNullable<RunRow['overlapped']>): RunFacts['overlapped'] {
  return { count, first: new Date(first), last: new Date(last) };
}

function toRange(row: JobRow['stored']): JobFacts['stored'] {
  const [from, to] = [toDate(row?.from ?? null), toDate(row?.to ?? null)];
  return from === null || to === null ? null : { from, to };
}

function toDate(value: string | null): Date | null {
  return value === null ? null : new Date(value);
}
