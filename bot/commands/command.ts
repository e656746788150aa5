/** What a command is, and what it may use. */
import type { Message } from '#bot/chat/message.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import type { Asking, PostRef, Request } from '#bot/chat/surface.ts';
import type { AccessVerdict, Right } from '#bot/runs/access.ts';
import type { BackfillAnswer, BackfillRequest } from '#bot/runs/backfill.ts';
import type {
  AcceptAnswer,
  AcceptRequest,
  CancelAnswer,
  Denial,
  ExportAnswer,
  Intent,
  MuteAnswer,
  MuteRequest,
  LookRequest,
  MissingAnswer,
  RetryAnswer,
  RetryRequest,
  StartAnswer,
  TryAnswer,
  UnmuteAnswer,
  UnmuteRequest,
} from '#bot/runs/requests.ts';
import type { Numbers, Span } from '#bot/runs/numbers.ts';
import type { Chain, Person } from '#bot/runs/run.ts';
import type { RestRequest, ScheduleAnswer, ScheduleView } from '#bot/runs/schedule-requests.ts';

/** What commands do with notes on the status page. */
export interface NoteService {
  /** Answers the note's number. */
  write(intent: Intent, note: { text: string; endsAt: Date }): Promise<number>;
  /** False when no note of this number stands on the page. */
  end(intent: Intent, id: number): Promise<boolean>;
  open(): Promise<{ id: number; text: string; endsAt: Date }[]>;
}

/** What commands are given by whoever composes the bot. */
export interface CommandServices {
  backfill(intent: Intent, request: BackfillRequest): Promise<BackfillAnswer>;
  start(intent: Intent, platforms: readonly string[]): Promise<StartAnswer>;
  retry(intent: Intent, request: RetryRequest): Promise<RetryAnswer>;
  accept(intent: Intent, request: AcceptRequest): Promise<AcceptAnswer>;
  cancel(intent: Intent, run: number): Promise<CancelAnswer>;
  /** Tries a platform that is left alone. */
  tryNow(intent: Intent, platform: string): Promise<TryAnswer>;
  mute(intent: Intent, request: MuteRequest): Promise<MuteAnswer>;
  unmute(intent: Intent, request: UnmuteRequest): Promise<UnmuteAnswer>;
  schedules: {
    view(): Promise<ScheduleView[]>;
    rest(intent: Intent, request: RestRequest): Promise<ScheduleAnswer>;
  };
  missing(intent: Intent, request: LookRequest): Promise<MissingAnswer>;
  exportRun(intent: Intent, request: LookRequest): Promise<ExportAnswer>;
  notes: NoteService;
  /** The chain a run belongs to (null: the newest run's), or null when there is none. */
  chainOf(run: number | null): Promise<Chain | null>;
  /** The newest chains, newest first. */
  latest(limit: number): Promise<Chain[]>;
  /** How platforms, steps and retries did. */
  numbers(span: Span): Promise<Numbers>;
  telling(): Telling;
  /** Where whoever asks can open the card of a chain, by its first run; null when nowhere. Never throws. */
  cardUrl(request: Request, rootId: number): Promise<string | null>;
  /** Whether whoever asks may do this, here and now. */
  may(right: Right, request: Asking): AccessVerdict;
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
  /** What it lets people do, as whoever may not is told: “start runs”. */
  deed: string;
  /** What a person needs to be allowed, for some commands by what is typed behind; null for what everybody may. */
  right: Right | null | ((words: readonly string[]) => Right);
  /** Whether somebody without the right may all the same, because what it is about is theirs. */
  isTheirs?(words: readonly string[], person: Person, services: CommandServices): Promise<boolean>;
  /** As people type it, for instance `retry [run] [platform…]`. */
  usage: string;
  summary: string;
  /** `words` is what follows the name. Answers privately; never throws for what was typed. */
  run(words: readonly string[], request: Request, services: CommandServices): Promise<Message>;
}
