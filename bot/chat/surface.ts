/** What a surface (console, Slack, Discord) does for the narrator, and what it hands in. */
import type { Person } from '#bot/runs/run.ts';
import type { Form, Message } from './message.ts';

/** A surface's own reference to one of its messages; stored as it is, read by nobody else. */
export type PostRef = Record<string, unknown>;

/** Stands where a run's number would: what is said belongs to no run. */
export const NO_RUN = 0;

/** The lasting name of a post: a surface can look for it when it is not known whether posting succeeded. */
export interface PostName {
  /** {@link NO_RUN} for what belongs to none. */
  runId: number;
  slot: string;
  /** The channel it stands in; left out: the surface's home. */
  channel?: string;
}

/** Where somebody asked, as the surface names it: with the person, what rights are decided by. */
export interface Place {
  /** The workspace or guild. */
  team: string;
  channel: string;
  /** The person's groups or roles there. */
  groups: readonly string[];
  /** Groups that could not be asked for their members just now: left out when all are known. */
  unknownGroups?: readonly string[];
  /** True for a bot, a guest or somebody of another team: such people only look. */
  stranger: boolean;
}

/**
 * What a button stood on, or a form was opened from. What a press says it does counts only where we put that button:
 * - `post`: a message everybody sees; `ref` has the fields of its stored reference that name it
 * - `private`: something of ours that nobody but the presser was shown
 * - `foreign`: nothing of ours
 */
export type Spot = { kind: 'post'; ref: PostRef } | { kind: 'private' } | { kind: 'foreign' };

/**
 * What was asked: a typed line, a pressed button, a submitted form with what was chosen and written in it. `lasting`: what
 * was pressed belongs to the message, as a shortcut does, and not to one result: a newer one does not make it void.
 */
export type Asked =
  | { kind: 'words'; text: string }
  | { kind: 'press'; action: string; on: Spot; lasting?: true }
  | { kind: 'submit'; action: string; chosen: readonly string[]; text: string | null; on: Spot };

/** Something a person asked for. `id` is the surface's own, unique for ever: the key that makes it happen once. */
export interface Request {
  surface: string;
  id: string;
  actor: Person;
  place: Place;
  asked: Asked;
  /** Writing it down begins before this moment of `performance.now()`, or not at all; left out: whenever it can. */
  until?: number;
}

/** Who asks, and where: what rights are decided by. */
export type Asking = Pick<Request, 'surface' | 'actor' | 'place'>;

/** What a request is answered with, privately to whoever asked. */
export type Reply = { kind: 'message'; message: Message } | { kind: 'form'; form: Form };

/** What somebody is typing: of which command, and what stands there so far. */
export interface Typing {
  command: string;
  field: 'run' | 'platform' | 'what';
  typed: string;
  /** The run named beside it, if any. */
  run: number | null;
  /** The platform named beside it, where that matters. */
  platform?: string;
}

/** One suggestion while something is being typed. */
export interface Suggestion {
  label: string;
  value: string;
}

/** What a surface asks of the bot. Only `file` throws, when the database does not answer; other failures are answers too. */
export interface Answers {
  answer(request: Request): Promise<Reply>;
  /** Up to 25 words that the command can be said of right now, for who may look; from one or two indexed queries. */
  suggest(asked: Typing, by: Asking): Promise<Suggestion[]>;
  /** The bytes of a message's file; null when they are no longer kept. Left out where no message has one. */
  file?(id: number): Promise<Uint8Array | null>;
}

/**
 * How a surface stands. `why` is for people: it names the variable that is wrong, never its value. `needsPerson`: it does
 * not heal by itself, somebody has to put something right.
 */
export type SurfaceState = { kind: 'up' } | { kind: 'connecting' } | { kind: 'down'; why: string; needsPerson?: true };

/**
 * Why something could not be delivered.
 * - `later`: try again, not before `retryAfterMs` (the surface is down, or asked us to slow down)
 * - `gone`: the message or its thread does not exist any more; a new one may be posted
 * - `never`: this surface will not take it (channel deleted, text refused), or not take another change of it
 *
 * The message is for people and says what to do.
 */
export class DeliveryError extends Error {
  readonly kind: 'later' | 'gone' | 'never';
  readonly retryAfterMs: number;
  /** It does not heal by itself: somebody has to put something right. */
  readonly needsPerson: boolean;
  /** It is about this message alone: others may go out meanwhile. */
  readonly onlyThis: boolean;

  constructor(
    kind: DeliveryError['kind'],
    why: string,
    retryAfterMs = 0,
    more: { needsPerson?: boolean; onlyThis?: boolean } = {},
  ) {
    super(why);
    this.name = 'DeliveryError';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.needsPerson = more.needsPerson ?? false;
    this.onlyThis = more.onlyThis ?? false;
  }
}

/** A place to talk. One implementation each for console, Slack and Discord; all pass the same contract suite. */
export interface Surface {
  /** `console`, `slack`, `discord`: stored with every post and action. */
  readonly name: string;
  /** The channel runs are told in unless routes say otherwise. */
  readonly home: string;
  /** True when only the process that speaks may hold it open: every connection would hear everything. */
  readonly onlySpeaker?: boolean;
  /** Opens the surface for requests. Resolves at once; a surface that cannot connect says so in `state` and goes on trying. */
  start(answers: Answers): Promise<void>;
  state(): SurfaceState;
  /** Least time between two edits that tell of progress only, of a message this old; both in milliseconds. Left out: none. */
  progressGap?(ageMs: number): number;
  /**
   * Posts a new message; `thread` is the reference of the thread's first message. `announce` shows a reply to the whole
   * channel where the surface can do that. Throws {@link DeliveryError}.
   */
  post(name: PostName, message: Message, thread: PostRef | null, announce?: boolean): Promise<PostRef>;
  /** Replaces the text of a message. Throws {@link DeliveryError}. */
  edit(name: PostName, ref: PostRef, message: Message): Promise<void>;
  /** Looks for a post that may or may not have been delivered before a crash; null when it was not. */
  find(name: PostName, thread: PostRef | null): Promise<PostRef | null>;
  /** Where a person opens one of our messages in their client; null while that is not known. Left out: nowhere. */
  urlOf?(ref: PostRef): string | null;
  stop(): Promise<void>;
}
