/** What people can ask for, and what they are answered, as data: stored with the action, worded by `chat/answers.ts`. */
import type { FailureKind } from '#scraper/errors.ts';
import type { AcceptRefusal } from './accept.ts';
import type { AccessVerdict } from './access.ts';
import type { CancelRefusal } from './cancel.ts';
import type { MuteRefusal } from './mute.ts';
import type { LookRefusal } from './choose-jobs.ts';
import type { RunPlan } from './plan.ts';
import type { RetryPart, RetryRefusal } from './retry-run.ts';
import type { Person } from './run.ts';

/** A request with its idempotency key: the same `id` from the same surface is the same request, however often it comes. */
export interface Intent {
  surface: string;
  id: string;
  actor: Person;
  /** Writing it down begins before this moment, or not at all; milliseconds of the process's clock. Left out: no limit. */
  until?: number;
}

/** A refusal as it is written down: what was asked for, by the name it would have been done under, and why not. */
export interface Denial {
  name: string;
  args: Record<string, unknown>;
  /** `forged`: a press that says it stands where we put no such button. */
  reason: Extract<AccessVerdict, { allowed: false }>['reason'] | 'forged';
}

/** Why a new run was refused. */
export type StartRefusal = Extract<RunPlan, { kind: 'refused' }>['reason'];

/** What came of asking for a new run. */
export type StartAnswer =
  { kind: 'started'; runId: number; platforms: string[] } | { kind: 'refused'; reason: StartRefusal };

/** What came of asking for a retry. `refused` names the platforms that were left out, and why. */
export type RetryAnswer =
  | { kind: 'started'; runId: number; rootId: number; parts: RetryPart[]; refused: RetryRefusal[] }
  | { kind: 'refused'; reasons: RetryRefusal[] };

/** What came of cancelling a run: platforms that were stopped in the middle, and those that never began. */
export type CancelAnswer =
  | { kind: 'cancelled'; run: number; stopped: string[]; notBegun: string[] }
  | { kind: 'refused'; reason: CancelRefusal };

/** What came of wanting a platform tried that is left alone. */
export type TryAnswer =
  | { kind: 'started'; runId: number; platform: string }
  | { kind: 'not_left_alone'; platform: string }
  | { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null };

/** A platform to be muted. `until`: when the mute ends at the latest; `run`: where the button stood that was pressed. */
export interface MuteRequest {
  platform: string;
  until: Date | null;
  run: number | null;
}

/** A platform to be unmuted. */
export type UnmuteRequest = Omit<MuteRequest, 'until'>;

/** What came of muting a platform; `until` is ISO, null for until it works. */
export type MuteAnswer =
  { kind: 'muted'; platform: string; until: string | null } | { kind: 'refused'; reason: MuteRefusal };

/** What came of unmuting one; `by` and `since` (ISO) tell which mute has ended. */
export type UnmuteAnswer =
  { kind: 'unmuted'; platform: string; by: string; since: string } | { kind: 'refused'; reason: MuteRefusal };

/** What somebody wants retried. Without a run: the newest. Without platforms: all that failed. */
export interface RetryRequest {
  run: number | null;
  platforms: readonly string[];
  /** True for a button, which stands for one result and is void once there is a newer one. */
  pressed: boolean;
}

/** A doubtful result that somebody wants to take as it is. Without a run: the newest. */
export interface AcceptRequest {
  run: number | null;
  platform: string;
  why: string;
  /** True for a button's form, which stands for one result and is void once there is a newer one. */
  pressed: boolean;
}

/** What came of asking for an acceptance; `items` is what was delivered and counts as usual from now on. */
export type AcceptAnswer =
  { kind: 'accepted'; platform: string; run: number; items: number } | { kind: 'refused'; reason: AcceptRefusal };

/** What somebody wants to see of a run. Without a run: the newest. Without platforms: all of it. */
export interface LookRequest {
  run: number | null;
  platforms: readonly string[];
}

/** One missing item; `name` is the site's own word for it. */
export interface MissingItem {
  platform: string;
  key: string;
  name: string | null;
  failure: FailureKind | null;
}

/** What came of asking what is missing: how much, the most urgent of it, and the file when there is one. */
export type MissingAnswer =
  | {
      kind: 'missing';
      run: number;
      total: number;
      items: MissingItem[];
      /** Platforms whose list was never whole: more may be missing there. */
      unlisted: string[];
      /** Platforms whose missing items were let go of meanwhile: they are too old. */
      letGo?: string[];
      file: string | null;
    }
  | { kind: 'refused'; reason: LookRefusal };

/** What came of asking for a run's records; no file when it delivered none, or when that is too long ago. */
export type ExportAnswer =
  | {
      kind: 'made';
      run: number;
      files: { name: string; rows: number; whole: boolean }[];
      /** Platforms of which it is no longer kept what they delivered: it is too old. */
      letGo?: string[];
    }
  | { kind: 'refused'; reason: LookRefusal };
