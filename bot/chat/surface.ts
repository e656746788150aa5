/** What a surface (console, Slack, Discord) does for the narrator, and what it hands in. */
import type { Person } from '#bot/runs/run.ts';
import type { Message } from './message.ts';

/** A surface's own reference to one of its messages; stored as it is, read by nobody else. */
export type PostRef = Record<string, unknown>;

/** The lasting name of a post: a surface can look for it when it is not known whether posting succeeded. */
export interface PostName {
  runId: number;
  slot: string;
}

/** Something a person asked for. `id` is the surface's own, unique for ever: the key that makes it happen once. */
export interface Request {
  surface: string;
  id: string;
  actor: Person;
  asked: { kind: 'words'; text: string } | { kind: 'press'; action: string };
}

/** Answers a request, privately to whoever asked. Never throws: failures are answers too. */
export type Answer = (request: Request) => Promise<Message>;

/** A place to talk. One implementation each for console, Slack and Discord; all pass the same contract suite. */
export interface Surface {
  /** `console`, `slack`, `discord`: stored with every post and action. */
  readonly name: string;
  /** Opens the surface for requests. */
  start(answer: Answer): Promise<void>;
  /** Posts a new message; `thread` is the reference of the thread's first message. */
  post(name: PostName, message: Message, thread: PostRef | null): Promise<PostRef>;
  /** Replaces the text of a message. */
  edit(name: PostName, ref: PostRef, message: Message): Promise<void>;
  /** Looks for a post that may or may not have been delivered before a crash; null when it was not. */
  find(name: PostName, thread: PostRef | null): Promise<PostRef | null>;
  stop(): Promise<void>;
}
