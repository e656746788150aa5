/** When a run is over, and as what. */
import type { JobStatus, RunStatus } from './run.ts';

/** How a job stands; `lost`: it was left out because its run lost its connection. */
export interface JobEnd {
  status: JobStatus;
  lost: boolean;
}

const unfinished: readonly JobStatus[] = ['pending', 'running', 'waiting'];

/**
 * Folds the jobs of a run into its status; null while one of them is unfinished. Every job counts, none twice. A run
 * that somebody cancelled is `cancelled` when that ended all of it; what had come to its own end before counts as ever.
 * One that left platforms out because nobody could see it is `connection_failed`, whatever became of the others.
 */
export function settleRun(ends: readonly JobEnd[]): Exclude<RunStatus, 'pending' | 'running'> | null {
  const jobs = ends.map((end) => end.status);
  if (jobs.some((status) => unfinished.includes(status))) return null;
  if (ends.some((end) => end.lost)) return 'connection_failed';
  if (jobs.every((status) => status === 'completed')) return 'completed';
  if (jobs.every((status) => status === 'cancelled')) return 'cancelled';
  if (jobs.some((status) => status === 'completed' || status === 'partial')) return 'partial';
  return 'failed';
}
