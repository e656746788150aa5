/** What a command is, and what it may use. */
import type { Message } from '#bot/chat/message.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import type { PostRef, Request } from '#bot/chat/surface.ts';
import type { AccessVerdict, Right } from '#bot/runs/access.ts';
import type {
  AcceptAnswer,
  AcceptRequest,
  Denial,
  Intent,
  RetryAnswer,
  RetryRequest,
  StartAnswer,
} from '#bot/runs/requests.ts';
import type { Chain } from '#bot/runs/run.ts';

/** What commands are given by whoever composes the bot. */
export interface CommandServices {
  start(intent: Intent, platforms: readonly string[]): Promise<StartAnswer>;
  retry(intent: Intent, request: RetryRequest): Promise<RetryAnswer>;
  accept(intent: Intent, request: AcceptRequest): Promise<AcceptAnswer>;
  /** The chain a run belongs to (null: the newest run's), or null when there is none. */
  chainOf(run: number | null): Promise<Chain | null>;
  /** The newest chains, newest first. */
  latest(limit: number): Promise<Chain[]>;
  telling(): Telling;
  /** Whether whoever asks may do this, here and now. */
  may(right: Right, request: Request): AccessVerdict;
  /** Writes down that somebody was refused. */
  deny(intent: Intent, denial: Denial): Promise<void>;
  /** Whether a message is one that tells of a run's chain on this surface. */
  tellsOf(surface: string, ref: PostRef, run: number): Promise<boolean>;
  /** Whom refused people of a surface are sent to. */
  askWhom(surface: string): string | null;
}

/** One command: its own file, one line in the registry. */
export interface Command {
  name: string;
  /** What a person needs to be allowed. */
  right: Right;
  /** As people type it, for instance `retry [run] [platform…]`. */
  usage: string;
  summary: string;
  /** `words` is what follows the name. Answers privately; never throws for what was typed. */
  run(words: readonly string[], intent: Intent, services: CommandServices): Promise<Message>;
}
