/** What is told of a time in which nobody spoke; read by `db/handover.ts`. */
export type { Handover, MissedTimes } from '#db/handover.ts';

/** Shorter absences are not worth a word, milliseconds: a restart, or another process that takes over. */
export const AWAY_MS = 60_000;

/** Whether an absence is told of. */
export function isAway(from: Date | null, to: Date): from is Date {
  return from !== null && to.getTime() - from.getTime() >= AWAY_MS;
}
