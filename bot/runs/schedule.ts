/** What becomes of the slots that have come due: run, or skipped with a reason. Every slot is recorded. */

import type { SlotOutcome } from '#db/schedules.ts';

/** How a schedule wants to be treated. */
export interface ScheduleRules {
  /** What happens to a slot that comes while the run of an earlier one still works. */
  overlap: 'skip' | 'start';
  /** What happens after an absence: the newest slot is caught up once, or nothing is. */
  missed: 'once' | 'skip';
  /** A slot that is later than this has been missed, milliseconds. */
  graceMs: number;
}

/** When a schedule rests: from a time on, until another or until somebody resumes it. */
export interface Pause {
  from: Date;
  until: Date | null;
}

export type { SlotOutcome } from '#db/schedules.ts';

/** One slot and what becomes of it. `late` is true for a run that catches up. */
export interface SlotDecision {
  slot: Date;
  outcome: SlotOutcome;
  late: boolean;
}

/** Decides the slots that came due since the last look, oldest first: only the newest can still run. */
export function decideSlots(input: {
  slots: readonly Date[];
  rules: ScheduleRules;
  pause: Pause | null;
  /** Whether a run of this schedule is unfinished. */
  busy: boolean;
  now: Date;
}): SlotDecision[] {
  const { slots, rules, pause, busy, now } = input;
  return slots.map((slot, index): SlotDecision => {
    if (pause !== null && rests(pause, slot)) return { slot, outcome: 'skipped_paused', late: false };
    const late = now.getTime() - slot.getTime() > rules.graceMs;
    const newest = index === slots.length - 1;
    if (!newest || (late && rules.missed === 'skip')) return { slot, outcome: 'skipped_missed', late: false };
    if (busy && rules.overlap === 'skip') return { slot, outcome: 'skipped_overlap', late: false };
    return { slot, outcome: 'run', late };
  });
}

/** Whether a schedule rests at a time. */
export function rests(pause: Pause, at: Date): boolean {
  return at >= pause.from && (pause.until === null || at < pause.until);
}
