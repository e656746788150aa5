/** Whether a run can be cancelled, and what that does. */
import { isFinished, type Chain, type Person, type RunStatus } from './run.ts';

/** Why a run is not cancelled. `working` is a run of the same chain that still works and may have been meant. */
export type CancelRefusal =
  | { kind: 'unknown_run'; run: number }
  | { kind: 'already_ended'; run: number; status: RunStatus; by: string | null; working: number | null };

/** What cancelling a run does: which of its platforms are stopped in the middle, and which never begin. */
export type CancelDecision =
  { kind: 'cancel'; stopped: string[]; notBegun: string[] } | { kind: 'refused'; reason: CancelRefusal };

/** Decides whether a run is cancelled: as long as one of its platforms has not come to its end. */
export function decideCancel(chain: Chain, runId: number): CancelDecision {
  const run = chain.runs.find(({ id }) => id === runId);
  if (run === undefined) return { kind: 'refused', reason: { kind: 'unknown_run', run: runId } };
  if (run.finishedAt !== null) {
    const working = chain.runs.findLast(({ finishedAt }) => finishedAt === null)?.id ?? null;
    const by = run.cancelledBy?.name ?? null;
    return { kind: 'refused', reason: { kind: 'already_ended', run: runId, status: run.status, by, working } };
  }
  const open = run.jobs.filter((job) => !isFinished(job));
  const begun = open.filter((job) => job.startedAt !== null);
  return {
    kind: 'cancel',
    stopped: begun.map((job) => job.platform),
    notBegun: open.filter((job) => !begun.includes(job)).map((job) => job.platform),
  };
}

/** People are told apart by their surface and its id of them; names can be chosen. */
export function samePerson(one: Person, other: Person): boolean {
  return one.surface === other.surface && one.id === other.id;
}
