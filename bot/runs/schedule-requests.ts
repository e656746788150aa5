/** What is asked of schedules, and what is answered, as data. */
import type { Person } from './run.ts';
import type { Pause, SlotOutcome } from './schedule.ts';

/** A wish to put a schedule to rest until a time (null: until it is resumed), or to wake it. */
export interface RestRequest {
  name: string;
  until: Date | null;
  resume: boolean;
}

/** What came of pausing or resuming a schedule. Times are ISO texts: answers are stored as they are. */
export type ScheduleAnswer =
  | { kind: 'paused'; name: string; until: string | null; next: string | null }
  | { kind: 'resumed'; name: string; next: string | null }
  | { kind: 'refused'; reason: 'unknown'; name: string; known: string[]; nearest: string | null }
  | { kind: 'refused'; reason: 'not_paused' | 'past'; name: string };

/** How a schedule stands. */
export interface ScheduleView {
  name: string;
  cron: string;
  zone: string;
  /** Empty: the usual ones. */
  platforms: readonly string[];
  /** When it is due next; null while it rests without an end, or when it is never due. */
  next: Date | null;
  pause: (Pause & { by: Person }) | null;
  /** What became of its newest slots, newest first. */
  slots: readonly { slot: Date; outcome: SlotOutcome; runId: number | null }[];
}
