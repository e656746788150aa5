/**
 * Answers interactions, privately and in time. Discord wants a first answer within 3 seconds, and what is acknowledged
 * has to be stored by then: so the first answer is the answer itself, and “thinking…” only when there is none in time.
 */
import { InteractionResponseType, MessageFlags, RequestMethod, Routes, type APIInteraction } from 'discord.js';
import { lostAnswer, troubleAnswer } from '#bot/chat/answers.ts';
import { message as plainMessage, type Message } from '#bot/chat/message.ts';
import type { Answers, Reply, Request, Typing } from '#bot/chat/surface.ts';
import { SlowDown, type Api } from './api.ts';
import { CODES } from './codes.ts';
import type { OfferedCommand } from './commands.ts';
import { toComponents } from './components.ts';
import { codeOf, logFields } from './delivery.ts';
import { toModal } from './form.ts';
import type { Log } from './log.ts';
import { ownMarkOf } from './names.ts';
import { pause } from './pause.ts';
import { readInteraction } from './requests.ts';
import { SILENT } from './sender.ts';
import { plain } from './text.ts';

/** Choices Discord takes while somebody types, and the length of each. */
const CHOICE_LIMIT = 25;
const CHOICE_LENGTH = 100;
/** Interactions are remembered to notice one that is delivered twice. */
const SEEN_LIMIT = 1_000;
/** An answer waits for a slow-down at most this long, milliseconds. */
const PATIENCE_MS = 5_000;
const SHOW_TRIES = 3;

/** What answering is made of. */
export interface ResponderParts {
  api: Api;
  guild: string;
  commands: readonly OfferedCommand[];
  answers: Answers;
  /** Says something for everybody where it was asked; the way out when a private answer cannot be shown. */
  tell: (id: string, channel: string, message: Message) => Promise<void>;
  /** What is asked is begun to be written down within this long, milliseconds, or not at all. */
  commitMs: number;
  /** How long a first answer may take, milliseconds, well within Discord's three seconds. */
  promptMs: number;
  /** Which installation answers: what it shows in private bears its mark. */
  installation: string;
  log: Log;
}

/** Answers until it is told to finish. */
export interface Responder {
  take(interaction: APIInteraction): void;
  /** Resolves when everything taken is answered, or after `ms`. */
  finish(ms: number): Promise<void>;
}

/** Starts answering interactions. Nothing that goes wrong with one reaches anything else. */
export function createResponder(parts: ResponderParts): Responder {
  const { api, guild, commands, answers, tell, commitMs, promptMs, log } = parts;
  const ownMark = ownMarkOf(parts.installation);
  const reading = { guild, commands, ownMark };
  const seen = new Set<string>();
  const busy = new Set<Promise<void>>();

  async function handle(raw: APIInteraction): Promise<void> {
    const incoming = readInteraction(raw, reading);
    if (incoming === null) return;
    if (incoming.kind === 'suggest') {
      const found = await within(answers.suggest(incoming.typing, incoming.by), []);
      return callback(raw, {
        type: InteractionResponseType.ApplicationCommandAutocompleteResult,
        data: { choices: toChoices(found, incoming.typing) },
      });
    }
    const request = { ...incoming.request, until: performance.now() + commitMs };
    const answering = answer(request);
    const inTime = await within(answering, null);
    const told = await first(raw, inTime === null ? thinking : firstAnswer(inTime));
    if (told === 'taken' || (told === 'shown' && inTime !== null)) return;
    const reply = inTime ?? (await answering);
    if (told === 'unknown' || told === 'shown') return show(raw, reply, request);
    await tellAloud(raw, request);
  }

  function firstAnswer(reply: Reply): object {
    if (reply.kind === 'form' && (reply.form.choices.length > 0 || reply.form.text !== null)) {
      return { type: InteractionResponseType.Modal, data: toModal(reply.form) };
    }
    const data = { ...bodyOf(asMessage(reply)), flags: MessageFlags.IsComponentsV2 | MessageFlags.Ephemeral };
    return { type: InteractionResponseType.ChannelMessageWithSource, data };
  }

  async function answer(request: Request): Promise<Reply> {
    try {
      return await answers.answer(request);
    } catch {
      log.warn({ request: request.id }, 'answering failed');
      return { kind: 'message', message: troubleAnswer(false) };
    }
  }

  /**
   * Sends the first answer, which is the acknowledgement. `taken`: another process has answered; `late`: Discord no longer
   * takes one; `unknown`: it did not say.
   */
  async function first(raw: APIInteraction, body: object): Promise<'shown' | 'taken' | 'late' | 'unknown'> {
    let lost = false;
    for (;;) {
      try {
        await callback(raw, body);
        return 'shown';
      } catch (error) {
        const code = codeOf(error);
        // The answer to our first try was lost, the try was not.
        if (lost && code === CODES.alreadyAnswered) return 'shown';
        if (code !== null && code !== 0) {
          log.warn({ request: raw.id, ...logFields(error) }, 'a request came too late or was answered by another');
          return code === CODES.alreadyAnswered ? 'taken' : 'late';
        }
        if (lost) return 'unknown';
        lost = true;
      }
    }
  }

  async function show(raw: APIInteraction, reply: Reply, request: Request): Promise<void> {
    const message = asMessage(reply);
    const route = Routes.webhookMessage(raw.application_id, raw.token, '@original');
    const body = { ...bodyOf(message), flags: MessageFlags.IsComponentsV2 };
    for (let attempt = 1; attempt <= SHOW_TRIES; attempt++) {
      try {
        await api.respond(RequestMethod.Patch, route, body);
        return;
      } catch (error) {
        log.warn({ request: raw.id, ...logFields(error) }, 'an answer could not be shown');
        if (codeOf(error) !== null && !(error instanceof SlowDown)) break;
        if (error instanceof SlowDown)
          await pause(Math.min(error.retryAfterMs, PATIENCE_MS), new AbortController().signal);
      }
    }
    await tellAloud(raw, request);
  }

  /** That there is an answer which cannot be shown to whoever asked is said where they asked; what it says stays private. */
  async function tellAloud(raw: APIInteraction, request: Request): Promise<void> {
    const channel = raw.channel?.id;
    if (channel === undefined) return;
    await tell(raw.id, channel, lostAnswer(request.actor.name));
  }

  function bodyOf(message: Message) {
    return { components: toComponents(message, ownMark), allowed_mentions: SILENT };
  }

  async function callback(raw: APIInteraction, body: object): Promise<void> {
    await api.respond(RequestMethod.Post, Routes.interactionCallback(raw.id, raw.token), body);
  }

  /** What is asked for, or `late` when it takes too long. */
  async function within<T, L>(asked: Promise<T>, late: L): Promise<T | L> {
    const enough = new AbortController();
    try {
      return await Promise.race([asked, pause(promptMs, enough.signal).then(() => late)]);
    } finally {
      enough.abort();
    }
  }

  return {
    take(raw) {
      if (seen.has(raw.id)) return;
      if (seen.size >= SEEN_LIMIT) seen.delete(seen.values().next().value ?? '');
      seen.add(raw.id);
      const work = handle(raw)
        .catch((error: unknown) =>
          log.warn({ request: raw.id, ...logFields(error) }, 'a request could not be answered'),
        )
        .finally(() => busy.delete(work));
      busy.add(work);
    },
    async finish(ms) {
      const enough = new AbortController();
      await Promise.race([Promise.all(busy), pause(ms, enough.signal)]);
      enough.abort();
    },
  };
}

const thinking = {
  type: InteractionResponseType.DeferredChannelMessageWithSource,
  data: { flags: MessageFlags.Ephemeral },
};

/** A form that came too late for Discord becomes a message with the button that opens it. */
function asMessage(reply: Reply): Message {
  if (reply.kind === 'message') return reply.message;
  const { id, title, intro, choices } = reply.form;
  return plainMessage('quiet', intro || title, {
    lines: choices.map((choice) => ({ tone: 'quiet', name: choice.label, text: choice.hint })),
    buttons: [{ id, label: title, hint: null, disabled: false }],
  });
}

function toChoices(
  found: readonly { label: string; value: string }[],
  { field, before }: { field: Typing['field']; before: string },
) {
  return found
    .slice(0, CHOICE_LIMIT)
    .map(({ label, value }) => ({
      name: plain(before + label, CHOICE_LENGTH) || value,
      value: field === 'run' ? Number(value) : before + value,
    }))
    .filter(({ value }) => (typeof value === 'number' ? Number.isSafeInteger(value) : value.length <= CHOICE_LENGTH));
}
