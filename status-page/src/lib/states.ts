/** States as people see them: a word and a shape, so that nobody has to tell colours apart. */
import type { FailureKind, JobStatus, RunStatus, StepHistory } from '#db/history.ts';

/** The drawings of `Sign.astro`. */
export type Shape =
  'done' | 'part' | 'failed' | 'lost' | 'running' | 'waiting' | 'pending' | 'skipped' | 'cancelled' | 'interrupted';

/** A state's word and shape. */
export interface State {
  word: string;
  shape: Shape;
}

const runStates: Record<RunStatus, State> = {
  pending: { word: 'Waiting to start', shape: 'pending' },
  running: { word: 'Running', shape: 'running' },
  completed: { word: 'Complete', shape: 'done' },
  partial: { word: 'Partly done', shape: 'part' },
  failed: { word: 'Failed', shape: 'failed' },
  connection_failed: { word: 'Connection lost', shape: 'lost' },
  cancelled: { word: 'Cancelled', shape: 'cancelled' },
};

const jobStates: Record<JobStatus, State> = {
  pending: { word: 'Waiting for its turn', shape: 'pending' },
  running: { word: 'Running', shape: 'running' },
  waiting: { word: 'Waiting to try again', shape: 'waiting' },
  completed: { word: 'Complete', shape: 'done' },
  partial: { word: 'Partly done', shape: 'part' },
  failed: { word: 'Failed', shape: 'failed' },
  skipped: { word: 'Not started', shape: 'skipped' },
  cancelled: { word: 'Cancelled', shape: 'cancelled' },
};

/** A run's state. */
export function runState(status: RunStatus): State {
  return runStates[status];
}

/** Whether nothing is left to do: it completed, or somebody took its result as it is. */
export function isComplete(job: { status: JobStatus; accepted: boolean }): boolean {
  return job.status === 'completed' || job.accepted;
}

/** What of a job its state is told from. */
export interface JobResult {
  status: JobStatus;
  accepted: boolean;
  failureKind?: FailureKind | null;
}

/** A job's state; one that was skipped because its platform is left alone says so. */
export function jobState({ status, accepted, failureKind }: JobResult): State {
  if (accepted) return { word: 'Accepted as it is', shape: 'done' };
  if (status === 'skipped' && failureKind === 'left_alone') return { word: 'Left alone', shape: 'skipped' };
  return jobStates[status];
}

/** A platform's state: that of its newest job, unless it is left alone since; that is for no better reason than failures. */
export function platformState(row: JobResult, breaker: object | null): State {
  return breaker === null || isComplete(row) ? jobState(row) : { word: 'Left alone', shape: 'failed' };
}

/** A step's state; one that ended because its worker was lost is told apart from one that failed. */
export function stepState(step: Pick<StepHistory, 'status' | 'errorKind'>): State {
  switch (step.status) {
    case 'pending':
      return { word: 'Not begun', shape: 'pending' };
    case 'running':
      return { word: 'Running', shape: 'running' };
    case 'success':
      return { word: 'Done', shape: 'done' };
    case 'skipped':
      return { word: 'Skipped', shape: 'skipped' };
    case 'failed':
      if (step.errorKind === 'interrupted') return { word: 'Interrupted', shape: 'interrupted' };
      return { word: 'Failed', shape: 'failed' };
  }
}
