/** When a run is over, and as what. */
import type { JobStatus, RunStatus } from './run.ts';

const unfinished: readonly JobStatus[] = ['pending', 'running', 'waiting'];

/**
 * Folds the jobs of a run into its status; null while one of them is unfinished. Every job counts, none twice. A run
 * that somebody cancelled is `cancelled` when that ended all of it; what had come to its own end before counts as ever.
 */
export function settleRun(jobs: readonly JobStatus[]): Exclude<RunStatus, 'pending' | 'running'> | null {
  if (jobs.some((status) => unfinished.includes(status))) return null;
  if (jobs.every((status) => status === 'completed')) return 'completed';
  if (jobs.every((status) => status === 'cancelled')) return 'cancelled';
  if (jobs.some((status) => status === 'completed' || status === 'partial')) return 'partial';
  return 'failed';
}
